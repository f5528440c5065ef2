import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { Role } from '../access/principal.js';
import { epochMilliseconds } from '../database/epoch-milliseconds.js';

/** The account. The table is the contract's: at least id, public_id, name, email, password (the hash), role. */
@Entity('student')
@Index('student_role', ['role', 'id'])
export class Student {
  /** In order of registration; never told to a client. */
  @PrimaryGeneratedColumn()
  id!: number;

  @Index('student_public_id', { unique: true })
  @Column('text', { name: 'public_id' })
  publicId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  email!: string;

  /** The hash: a PHC string of argon2id, or Werkzeug's form until the first login after an import. */
  @Column('text')
  password!: string;

  @Column('text')
  role!: Role;

  @Column({ ...epochMilliseconds, name: 'created_at' })
  createdAt!: number;
}
