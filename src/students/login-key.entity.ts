import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Role } from '../access/principal.js';
import { Student } from './student.entity.js';

/**
 * What a student can log in with: the key of the name and that of the e-mail, one row where both are the same. Its
 * primary key decides who holds a name or an address, also between requests that arrive at once.
 */
@Entity('login_key', { withoutRowid: true })
@Index('login_key_of_admin', ['key'], { where: "role = 'admin'" })
export class LoginKey {
  /** Compared byte by byte (see PortableDataSource), without a length limit. */
  @PrimaryColumn('text')
  key!: string;

  @Index('login_key_of_student')
  @Column('integer', { name: 'student_id' })
  studentId!: number;

  /** The student's, changed with it: here so that few admins are found among many keys. */
  @Column('text')
  role!: Role;

  @ManyToOne(() => Student, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'student_id', foreignKeyConstraintName: 'login_key_student' })
  student?: Student;
}
