import Sqlite from 'better-sqlite3';
import { checkIdentity, hashWarning } from './check-candidate.js';
import type { ImportSource, SourceRow } from './candidate.js';
import { fingerprint } from './fingerprint.js';
import { ImportSourceError } from './import-source-error.js';

/** As many as fit one short transaction: about 10 ms here. */
const BATCH = 400;
const READ_AT_ONCE = 2_000;
const TABLES = ['student', 'user'];

interface Columns {
  readonly table: string;
  readonly names: ReadonlySet<string>;
}

interface FlaskRow {
  readonly position: number;
  readonly public_id: unknown;
  readonly name: unknown;
  readonly email: unknown;
  readonly password: unknown;
  readonly role: unknown;
  readonly admin: unknown;
}

/**
 * The original app's SQLite file, or that of a tutorial of the same family: a table `student` or `user`, its columns
 * in whatever order, `admin` (a boolean) in place of `role`, and perhaps no `email` or `public_id`. Opened read-only.
 * @param emailDomain makes `name@domain` where there is no e-mail
 * @throws ImportSourceError
 */
export async function openFlaskSource(file: string, emailDomain: string | undefined): Promise<ImportSource> {
  const connection = open(file);
  try {
    const columns = findColumns(connection);
    const total = connection.prepare(`SELECT count(*) FROM "${columns.table}"`).pluck().get() as number;
    return {
      fingerprint: await fingerprint(file, ['flask', emailDomain ?? '']),
      total,
      batchSize: BATCH,
      // eslint-disable-next-line @typescript-eslint/require-await -- the interface is for sources that do wait
      rows: async function* (after) {
        yield* rowsOf(connection, columns, after === 0 ? Number.MIN_SAFE_INTEGER : after, emailDomain);
      },
      close: () => connection.close(),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function open(file: string): Sqlite.Database {
  try {
    return new Sqlite(file, { readonly: true, fileMustExist: true });
  } catch (error) {
    throw new ImportSourceError(`${file} cannot be opened as a SQLite file.`, { cause: error });
  }
}

function findColumns(connection: Sqlite.Database): Columns {
  let found: Columns[];
  try {
    found = TABLES.map((table) => {
      const rows = connection.pragma(`table_info("${table}")`) as { name: string }[];
      return { table, names: new Set(rows.map(({ name }) => name.toLowerCase())) };
    });
  } catch (error) {
    throw new ImportSourceError('The file is not a SQLite database.', { cause: error });
  }
  const fit = found.find(({ names }) => names.has('name') && names.has('password'));
  if (!fit)
    throw new ImportSourceError(
      'The file has no table student (or user) with the columns name and password.',
    );
  return fit;
}

/** A few thousand at a time by rowid, so that memory stays flat and the order is that of registration. */
function* rowsOf(
  connection: Sqlite.Database,
  { table, names }: Columns,
  after: number,
  emailDomain: string | undefined,
): Generator<SourceRow> {
  const column = (name: string) => (names.has(name) ? `"${name}"` : `NULL AS "${name}"`);
  const wanted = ['public_id', 'name', 'email', 'password', 'role', 'admin'].map(column).join(', ');
  const page = connection.prepare<[number], FlaskRow>(
    `SELECT rowid AS position, ${wanted} FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ${READ_AT_ONCE}`,
  );
  for (let rows = page.all(after); rows.length > 0; rows = page.all(after)) {
    for (const row of rows) yield toSourceRow(row, names.has('role'), emailDomain);
    after = rows.at(-1)?.position ?? after;
  }
}

function toSourceRow(row: FlaskRow, hasRole: boolean, emailDomain: string | undefined): SourceRow {
  const noEmail = row.email === null || row.email === '';
  const email =
    noEmail && emailDomain !== undefined && typeof row.name === 'string'
      ? `${row.name}@${emailDomain}`
      : row.email;
  const role = hasRole ? row.role : row.admin === 1 || row.admin === 'true' ? 'admin' : 'user';
  const raw = { position: row.position, publicId: row.public_id, name: row.name, email, role };
  if (typeof row.password !== 'string' || row.password === '') {
    return checkIdentity(raw, { fault: 'password is missing' });
  }
  return checkIdentity(raw, { hash: row.password }, hashWarning(row.password));
}
