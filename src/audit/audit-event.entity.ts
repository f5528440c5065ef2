import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { epochMilliseconds } from '../database/epoch-milliseconds.js';
import type { AuditAction } from './audit-action.js';

/**
 * Who did what to whom, when and from where. Refers to no other table: what is told here outlives whom it is told of.
 * Never a name, an e-mail or anything that was typed.
 */
@Entity('audit_event')
@Index('audit_event_time', ['at', 'id'])
@Index('audit_event_of_student', ['student', 'at', 'id'])
@Index('audit_event_of_student_and_action', ['student', 'action', 'at', 'id'])
@Index('audit_event_of_action', ['action', 'at', 'id'])
export class AuditEvent {
  /** In order of insertion, which differs from `at` by the moments that failed logins wait to be written. */
  @PrimaryGeneratedColumn({ primaryKeyConstraintName: 'audit_event_pk' })
  id!: number;

  @Column(epochMilliseconds)
  at!: number;

  @Column('text')
  action!: AuditAction;

  /** A `public_id`, or `command line`; null where nobody was known. */
  @Column('text', { nullable: true })
  actor!: string | null;

  /** The `public_id` of whom it was done to. */
  @Column('text', { nullable: true })
  student!: string | null;

  /** Null where no request came from anywhere. */
  @Column('text', { nullable: true })
  ip!: string | null;

  @Column('text', { name: 'user_agent' })
  userAgent!: string;

  @Column('text', { name: 'request_id' })
  requestId!: string;
}
