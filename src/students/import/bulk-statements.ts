import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { insertsOf, selectsIn } from '../../database/bulk-sql.js';
import type { Database } from '../../database/database.js';
import type { Candidate } from './candidate.js';
import type { Holder, Holders } from './placement.js';
import { loginKey } from '../../common/login-key.js';

/** A candidate whose password has been hashed. */
export type HashedCandidate = Candidate & { readonly password: { readonly hash: string } };

/** Reads inside or outside of a transaction. */
export type Query = <Row>(sql: string, parameters: readonly unknown[]) => Promise<Row[]>;

export async function findHolders(query: Query, candidates: readonly Candidate[]): Promise<Holders> {
  const keys = new Set(candidates.flatMap(({ nameKey, emailKey }) => [nameKey, emailKey]));
  const publicIds = candidates.flatMap(({ publicId }) => publicId ?? []);
  const byPublicId = new Map<string, Holder>();
  for (const { sql, parameters } of selectsIn(
    'SELECT public_id, id, name FROM student WHERE public_id',
    publicIds,
  )) {
    for (const row of await query<{ public_id: string; id: number; name: string }>(sql, parameters)) {
      byPublicId.set(row.public_id, { id: row.id, nameKey: loginKey(row.name) });
    }
  }
  return { byKey: await findKeys(query, [...keys]), byPublicId };
}

/** @returns student ids by those of the login keys that are held */
export async function findKeys(query: Query, keys: readonly string[]): Promise<Map<string, number>> {
  const held = new Map<string, number>();
  for (const { sql, parameters } of selectsIn('SELECT key, student_id FROM login_key WHERE key', keys)) {
    for (const row of await query<{ key: string; student_id: number }>(sql, parameters)) {
      held.set(row.key, row.student_id);
    }
  }
  return held;
}

/** Students and their login keys, in the order given. */
export async function insertStudents(
  database: Database,
  manager: EntityManager,
  candidates: readonly HashedCandidate[],
  now: number,
): Promise<void> {
  const students = candidates.map((candidate) => ({
    ...candidate,
    publicId: candidate.publicId ?? randomUUID(),
  }));
  const rows = students.map(({ publicId, name, email, password, role, createdAt }) => [
    publicId,
    name,
    email,
    password.hash,
    role,
    createdAt ?? now,
  ]);
  const ids = new Map<string, number>();
  const into = 'INSERT INTO student (public_id, name, email, password, role, created_at)';
  for (const { sql, parameters } of insertsOf(into, rows, 'RETURNING id, public_id')) {
    const made = await database.queryWith<{ id: number; public_id: string }>(manager, sql, parameters);
    for (const { id, public_id: publicId } of made) ids.set(publicId, id);
  }
  const keys = students.flatMap(({ publicId, nameKey, emailKey, role }) =>
    [...new Set([nameKey, emailKey])].map((key) => [key, ids.get(publicId), role]),
  );
  for (const { sql, parameters } of insertsOf('INSERT INTO login_key (key, student_id, role)', keys)) {
    await database.executeWith(manager, sql, parameters);
  }
}
