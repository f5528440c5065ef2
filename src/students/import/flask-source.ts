import Sqlite from 'better-sqlite3';
import { emailFault } from '../student-identity.js';
import { checkIdentity } from './check-candidate.js';
import type { ImportSource, SourceRow } from './candidate.js';
import { fingerprint } from './fingerprint.js';
import { type FlaskTable, findFlaskTable } from './flask-table.js';
import { importedHash } from './imported-hash.js';
import { ImportSourceError } from './import-source-error.js';

/** As many as fit one short transaction: about 15 ms with a million students. */
const BATCH = 500;
const READ_AT_ONCE = 2_000;
/** How SQLAlchemy and the hand-written write a boolean. */
const TRUE = /^(?:1|t|true|y|yes)$/i;

interface FlaskRow {
  readonly position: number;
  readonly public_id: unknown;
  readonly name: unknown;
  readonly email: unknown;
  readonly password: unknown;
  readonly role: unknown;
  readonly admin: unknown;
}

export interface FlaskOptions {
  /** Makes `name@domain` where there is no e-mail. */
  readonly emailDomain: string | undefined;
  readonly renameDuplicates: boolean;
}

/**
 * The original app's SQLite file, or that of a tutorial of the same family: a table `student` or `user`, its columns
 * in whatever order, `admin` (a boolean) in place of `role`, and perhaps no `email` or `public_id`. Opened read-only.
 * @throws ImportSourceError
 */
export async function openFlaskSource(file: string, options: FlaskOptions): Promise<ImportSource> {
  const { emailDomain, renameDuplicates } = options;
  if (emailDomain !== undefined && emailFault(`a@${emailDomain}`) !== undefined) {
    throw new ImportSourceError('--email-domain must be a domain, such as school.example');
  }
  const connection = open(file);
  const read = <T>(work: () => T): T => readable(file, work);
  try {
    const table = read(() => findFlaskTable(connection));
    if (!table) {
      throw new ImportSourceError(
        `${file} has no table student (or user) with the columns name and password.`,
      );
    }
    const count = `SELECT count(*) FROM "${table.name}"`;
    const countUpTo = connection.prepare<[number], number>(`${count} WHERE rowid <= ?`).pluck();
    const total = read(() => connection.prepare<[], number>(count).pluck().get() ?? 0);
    if (total === 0) throw new ImportSourceError(`${file} holds no students.`);
    return {
      fingerprint: await fingerprint(file, ['flask', emailDomain ?? '', String(renameDuplicates)]),
      total,
      batchSize: BATCH,
      countUpTo: (position) => countUpTo.get(position) ?? 0,
      rows: (after) => rowsOf(connection, table, after, emailDomain, read),
      close: () => connection.close(),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function open(file: string): Sqlite.Database {
  try {
    const connection = new Sqlite(file, { readonly: true, fileMustExist: true });
    // It is read once, from front to back: nothing is worth keeping in memory.
    connection.pragma('cache_size = -2000');
    return connection;
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** A few thousand at a time by rowid, so that memory stays flat and the order is that of registration. */
function* rowsOf(
  connection: Sqlite.Database,
  { name: table, columns }: FlaskTable,
  after: number,
  emailDomain: string | undefined,
  read: <T>(work: () => T) => T,
): Generator<SourceRow> {
  const column = (name: string) => (columns.has(name) ? `"${name}"` : `NULL AS "${name}"`);
  const wanted = ['public_id', 'name', 'email', 'password', 'role', 'admin'].map(column).join(', ');
  const page = connection.prepare<[number], FlaskRow>(
    `SELECT rowid AS position, ${wanted} FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ${READ_AT_ONCE}`,
  );
  for (let rows = read(() => page.all(after)); rows.length > 0; rows = read(() => page.all(after))) {
    for (const row of rows) yield toSourceRow(row, emailDomain);
    after = rows.at(-1)?.position ?? after;
  }
}

function toSourceRow(row: FlaskRow, emailDomain: string | undefined): SourceRow {
  const { position, public_id: publicId, name, password } = row;
  const given = typeof row.email === 'string' ? row.email.trim() : row.email;
  const made = (given === null || given === '') && emailDomain !== undefined && typeof name === 'string';
  const email = made ? `${name.trim()}@${emailDomain}` : given;
  const raw = { position, publicId, name, email, role: roleOf(row) };
  if (typeof password !== 'string' || password === '') {
    return checkIdentity(raw, { fault: 'password is missing' });
  }
  const { hash, warning } = importedHash(password);
  return checkIdentity(
    raw,
    { hash },
    { ...(warning === undefined ? {} : { warning }), ...(made ? { emailDomain } : {}) },
  );
}

function roleOf({ role, admin }: FlaskRow): unknown {
  if (role !== null) return role;
  return (typeof admin === 'number' || typeof admin === 'string') && TRUE.test(String(admin))
    ? 'admin'
    : 'user';
}

function readable<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): ImportSourceError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new ImportSourceError(
    code === 'SQLITE_NOTADB' ? `${file} is not a SQLite database.` : `${file} cannot be read (${code}).`,
    { cause: error },
  );
}
