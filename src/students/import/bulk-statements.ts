import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { loginKey } from '../../common/login-key.js';
import { Database } from '../../database/database.js';
import type { Candidate } from './candidate.js';
import type { Holders } from './placement.js';

/** A candidate whose password has been hashed. */
export type HashedCandidate = Candidate & { readonly password: { readonly hash: string } };

/** SQLite takes 32,766 parameters a statement, Postgres 65,535; a batch of 500 students needs 3,500. */
export async function findHolders(
  query: <Row>(sql: string, parameters: readonly unknown[]) => Promise<Row[]>,
  candidates: readonly Candidate[],
): Promise<Holders> {
  const keys = [...new Set(candidates.flatMap(({ name, email }) => [loginKey(name), loginKey(email)]))];
  const publicIds = candidates.flatMap(({ publicId }) => publicId ?? []);
  const byKey = new Map<string, number>();
  const byPublicId = new Map<string, number>();
  if (keys.length > 0) {
    const sql = `SELECT key, student_id FROM login_key WHERE key IN (${placeholders(1, keys.length)})`;
    for (const row of await query<{ key: string; student_id: number }>(sql, keys))
      byKey.set(row.key, row.student_id);
  }
  if (publicIds.length > 0) {
    const sql = `SELECT public_id, id FROM student WHERE public_id IN (${placeholders(1, publicIds.length)})`;
    for (const row of await query<{ public_id: string; id: number }>(sql, publicIds)) {
      byPublicId.set(row.public_id, row.id);
    }
  }
  return { byKey, byPublicId };
}

/** Students and their login keys, in the order given. */
export async function insertStudents(
  database: Database,
  manager: EntityManager,
  candidates: readonly HashedCandidate[],
  now: number,
): Promise<void> {
  if (candidates.length === 0) return;
  const students = candidates.map(({ publicId, name, email, password, role, createdAt }) => [
    publicId ?? randomUUID(),
    name,
    email,
    password.hash,
    role,
    createdAt ?? now,
  ]);
  const rows = await database.queryWith<{ id: number; public_id: string }>(
    manager,
    `INSERT INTO student (public_id, name, email, password, role, created_at)
     VALUES ${tuples(students.length, 6)} RETURNING id, public_id`,
    students.flat(),
  );
  const ids = new Map(rows.map((row) => [row.public_id, row.id]));
  const keys = students.flatMap(([publicId, name, email]) => {
    const id = ids.get(publicId as string);
    return [...new Set([loginKey(name as string), loginKey(email as string)])].map((key) => [key, id]);
  });
  await database.executeWith(
    manager,
    `INSERT INTO login_key (key, student_id) VALUES ${tuples(keys.length, 2)}`,
    keys.flat(),
  );
}

function placeholders(from: number, count: number): string {
  return Array.from({ length: count }, (_each, index) => `$${from + index}`).join(', ');
}

function tuples(rows: number, columns: number): string {
  return Array.from({ length: rows }, (_each, row) => `(${placeholders(row * columns + 1, columns)})`).join(
    ', ',
  );
}
