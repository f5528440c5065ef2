import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../database/epoch-milliseconds.js';
import { Session } from './session.entity.js';

/**
 * One refresh token of a session. Spent ones stay as long as their session, so that showing one again is recognised;
 * the index on unspent ones keeps a session from ever having two.
 */
@Entity('refresh_token')
@Index('refresh_token_unspent', ['sessionId'], { unique: true, where: 'spent_at IS NULL' })
@Index('refresh_token_of_session', ['sessionId'])
@Index('refresh_token_sealed', ['spentAt'], { where: 'successor IS NOT NULL' })
export class RefreshTokenRow {
  /** SHA-256 of the token, base64url. The token itself is not stored. */
  @PrimaryColumn('text')
  hash!: string;

  @Column('text', { name: 'session_id' })
  sessionId!: string;

  @ManyToOne(() => Session, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'session_id', foreignKeyConstraintName: 'refresh_token_session' })
  session?: Session;

  @Column({ ...epochMilliseconds, name: 'spent_at', nullable: true })
  spentAt!: number | null;

  /** The next token, sealed under a key that only this token gives; kept for the grace window alone. */
  @Column('text', { nullable: true })
  successor!: string | null;
}
