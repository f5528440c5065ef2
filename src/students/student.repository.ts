import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Role } from '../access/principal.js';
import { isStorable } from '../common/storable.js';
import { Database } from '../database/database.js';
import type { KeyRange } from './key-range.js';

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
    const upper = range.to === undefined ? '' : 'AND k.key < $3';
    const parameters: unknown[] = [
      range.from,
      afterKey,
      ...(range.to === undefined ? [] : [range.to]),
      range.from,
    ];
    const next = () => `$${parameters.length + 1}`;
    let ofRole = '';
    if (role !== undefined) {
      ofRole = `AND st.role = ${next()}`;
      parameters.push(role);
    }
    const sql = `SELECT ${COLUMNS}, k.key FROM login_key k JOIN student st ON st.id = k.student_id
      WHERE k.key >= $1 AND k.key > $2 ${upper}
        AND NOT EXISTS (SELECT 1 FROM login_key earlier WHERE earlier.student_id = k.student_id
                          AND earlier.key >= $${range.to === undefined ? 3 : 4} AND earlier.key < k.key)
        ${ofRole} ORDER BY k.key LIMIT ${next()}`;
    return await this.database.query<FoundStudent>(sql, [...parameters, limit]);
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

  async setRole(manager: EntityManager, id: number, role: Role): Promise<void> {
    await this.database.executeWith(manager, 'UPDATE student SET role = $1 WHERE id = $2', [role, id]);
  }

  async setPassword(manager: EntityManager, id: number, hash: string): Promise<void> {
    await this.database.executeWith(manager, 'UPDATE student SET password = $1 WHERE id = $2', [hash, id]);
  }

  /** Sessions, login keys and known addresses go with the student. */
  async remove(manager: EntityManager, id: number): Promise<void> {
    await this.database.executeWith(manager, 'DELETE FROM student WHERE id = $1', [id]);
  }
}
