import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Role } from '../access/principal.js';
import { isStorable } from '../common/storable.js';
import { Database } from '../database/database.js';
import { isBefore, type KeyRange } from './key-range.js';

/** A student without the password hash, which few need. */
export interface StudentRecord {
  readonly id: number;
  readonly public_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

export interface NewStudent extends Omit<StudentRecord, 'id'> {
  readonly password: string;
  readonly createdAt: number;
}

/** A student found by a login key, with the key that was found. */
export interface FoundStudent extends StudentRecord {
  readonly key: string;
}

/** Ours among Postgres' advisory locks. */
const ADMINS_LOCK = 7_788_336_854;

const COLUMNS = 'st.id, st.public_id, st.name, st.email, st.role';

/**
 * Written out, as an index on a part of the table serves no parameter. Admins have such an index of their own keys; it
 * is admins whom a search for users passes over, and they are few.
 */
const OF_ROLE: Readonly<Record<Role, string>> = {
  admin: `AND k.role = 'admin'`,
  user: `AND k.role = 'user'`,
};

/** Named queries on students; each is served by an index, however many there are. */
@Injectable()
export class StudentRepository {
  constructor(private readonly database: Database) {}

  async findByPublicId(publicId: string): Promise<StudentRecord | undefined> {
    if (!isStorable(publicId)) return undefined;
    const sql = `SELECT ${COLUMNS} FROM student st WHERE st.public_id = $1`;
    return (await this.database.query<StudentRecord>(sql, [publicId]))[0];
  }

  /** Inside a transaction; on Postgres the row is held until its end. */
  async lock(
    manager: EntityManager,
    id: number,
  ): Promise<(StudentRecord & { password: string }) | undefined> {
    const hold = this.database.kind === 'postgres' ? 'FOR UPDATE' : '';
    const sql = `SELECT ${COLUMNS}, st.password FROM student st WHERE st.id = $1 ${hold}`;
    return (await this.database.queryWith<StudentRecord & { password: string }>(manager, sql, [id]))[0];
  }

  /** @returns the new row's id */
  async insert(manager: EntityManager, student: NewStudent): Promise<number> {
    const [row] = await this.database.queryWith<{ id: number }>(
      manager,
      `INSERT INTO student (public_id, name, email, password, role, created_at)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      [student.public_id, student.name, student.email, student.password, student.role, student.createdAt],
    );
    if (!row) throw new Error('The inserted student came back without an id.');
    return row.id;
  }

  /** In order of registration, from after an id; of whatever size, as it comes from a cursor. */
  async pageInOrder(afterId: number, limit: number): Promise<StudentRecord[]> {
    const sql = `SELECT ${COLUMNS} FROM student st WHERE st.id > CAST($1 AS bigint) ORDER BY st.id LIMIT $2`;
    return await this.database.query<StudentRecord>(sql, [afterId, limit]);
  }

  async pageOfRole(role: Role, afterId: number, limit: number): Promise<StudentRecord[]> {
    const sql = `SELECT ${COLUMNS} FROM student st WHERE st.role = $1 AND st.id > CAST($2 AS bigint) ORDER BY st.id LIMIT $3`;
    return await this.database.query<StudentRecord>(sql, [role, afterId, limit]);
  }

  /**
   * Those with a login key in the range, in the order of the keys from after one; a student with two such keys
   * stands where the first is.
   */
  async pageByKey(
    range: KeyRange,
    role: Role | undefined,
    afterKey: string,
    limit: number,
  ): Promise<FoundStudent[]> {
    const { operator, key } = startOf(range, afterKey);
    const parameters: unknown[] = [key];
    const next = (value: unknown): string => `$${parameters.push(value)}`;
    const upper = range.to === undefined ? '' : `AND k.key < ${next(range.to)}`;
    const sql = `SELECT ${COLUMNS}, k.key FROM login_key k JOIN student st ON st.id = k.student_id
      WHERE k.key ${operator} $1 ${upper}
        AND NOT EXISTS (SELECT 1 FROM login_key earlier WHERE earlier.student_id = k.student_id
                          AND earlier.key >= ${next(range.from)} AND earlier.key < k.key)
        ${role === undefined ? '' : OF_ROLE[role]} ORDER BY k.key LIMIT ${next(limit)}`;
    return await this.database.query<FoundStudent>(sql, parameters);
  }

  async isLastAdmin(manager: EntityManager, student: StudentRecord): Promise<boolean> {
    if (student.role !== 'admin') return false;
    const rows = await this.database.queryWith(
      manager,
      `SELECT id FROM student WHERE role = 'admin' LIMIT 2`,
    );
    return rows.length < 2;
  }

  /** Makes changes that could take the last admin away wait for each other; call before reading any row. */
  async lockAdmins(manager: EntityManager): Promise<void> {
    // SQLite has one writer at a time anyway.
    if (this.database.kind === 'postgres')
      await manager.query(`SELECT pg_advisory_xact_lock(${ADMINS_LOCK})`);
  }

  async setIdentity(
    manager: EntityManager,
    id: number,
    { name, email }: { name: string; email: string },
  ): Promise<void> {
    await this.database.executeWith(manager, 'UPDATE student SET name = $1, email = $2 WHERE id = $3', [
      name,
      email,
      id,
    ]);
  }

  /** The student's and that of the login keys, which are searched by it. */
  async setRole(manager: EntityManager, id: number, role: Role): Promise<void> {
    await this.database.executeWith(manager, 'UPDATE student SET role = $1 WHERE id = $2', [role, id]);
    await this.database.executeWith(manager, 'UPDATE login_key SET role = $1 WHERE student_id = $2', [
      role,
      id,
    ]);
  }

  async setPassword(manager: EntityManager, id: number, hash: string): Promise<void> {
    await this.database.executeWith(manager, 'UPDATE student SET password = $1 WHERE id = $2', [hash, id]);
  }

  /** Sessions, login keys and known addresses go with the student. */
  async remove(manager: EntityManager, id: number): Promise<void> {
    await this.database.executeWith(manager, 'DELETE FROM student WHERE id = $1', [id]);
  }
}

/**
 * Where a page begins: a single bound, as SQLite looks for one of two alone and reads on from there. A cursor of another
 * search may lie before the range.
 */
function startOf({ from }: KeyRange, afterKey: string): { operator: '>' | '>='; key: string } {
  return isBefore(afterKey, from) ? { operator: '>=', key: from } : { operator: '>', key: afterKey };
}
