import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../database/epoch-milliseconds.js';

/** Why a session is over, in the words of `?ended=true`. */
export type SessionEnd =
  'rotated-reused' | 'logout' | 'owner' | 'admin' | 'password' | 'role' | 'expired' | 'limit';

/** A login on one device. Live while `ended_at` is null and `expires_at` is in the future. */
@Entity('session')
@Index('session_of_student', ['studentId', 'createdAt', 'id'])
@Index('session_live', ['studentId', 'createdAt', 'id'], { where: 'ended_at IS NULL' })
@Index('session_expiry', ['expiresAt'], { where: 'ended_at IS NULL' })
@Index('session_ended', ['endedAt'], { where: 'ended_at IS NOT NULL' })
export class Session {
  /** A random UUID; the `sid` of its access tokens. */
  @PrimaryColumn('text')
  id!: string;

  @Column('integer', { name: 'student_id' })
  studentId!: number;

  // By name, as students stand above sessions.
  @ManyToOne('student', { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'student_id', foreignKeyConstraintName: 'session_student' })
  student?: unknown;

  @Column({ ...epochMilliseconds, name: 'created_at' })
  createdAt!: number;

  /** The last login or refresh. */
  @Column({ ...epochMilliseconds, name: 'last_used_at' })
  lastUsedAt!: number;

  @Column({ ...epochMilliseconds, name: 'expires_at' })
  expiresAt!: number;

  @Column('text', { name: 'user_agent' })
  userAgent!: string;

  @Column('text')
  ip!: string;

  @Column({ ...epochMilliseconds, name: 'ended_at', nullable: true })
  endedAt!: number | null;

  @Column('text', { name: 'ended_by', nullable: true })
  endedBy!: SessionEnd | null;
}
