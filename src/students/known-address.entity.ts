import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../database/epoch-milliseconds.js';
import { Student } from './student.entity.js';

/** An address that a student has logged in from; for 30 days the address-wide and account-wide budgets spare it. */
@Entity('known_address')
@Index('known_address_age', ['lastLoginAt'])
export class KnownAddress {
  @PrimaryColumn('integer', { name: 'student_id' })
  studentId!: number;

  @ManyToOne(() => Student, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'student_id', foreignKeyConstraintName: 'known_address_student' })
  student?: Student;

  /** As the throttle counts it: an IPv4 address or the /64 of an IPv6 one. */
  @PrimaryColumn('text')
  address!: string;

  @Column({ ...epochMilliseconds, name: 'last_login_at' })
  lastLoginAt!: number;
}
