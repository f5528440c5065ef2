import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Transform } from 'node:stream';
import { parse } from 'csv-parse';
import { passwordFaults } from '../../passwords/password-rules.js';
import { unguardCell } from '../formula-guard.js';
import { checkIdentity, hashWarning } from './check-candidate.js';
import type { ImportSource, SourceRow } from './candidate.js';
import { fingerprint } from './fingerprint.js';
import { ImportSourceError } from './import-source-error.js';

const COLUMNS = ['name', 'email', 'password', 'role', 'public_id', 'password_hash', 'created_at'] as const;
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>;

/** One short transaction's worth of rows with hashes; */
const BATCH = 400;
/** and of rows whose passwords are hashed first: a broken-off run repeats at most so many. */
const BATCH_TO_HASH = 50;
const LONGEST_RECORD = 64 * 1024;

export interface RosterOptions {
  readonly passwordMinLength: number;
  /** Gives a password to a row without one; undefined refuses such rows. */
  readonly makePassword?: (row: { readonly name: string; readonly email: string }) => string;
}

/**
 * A roster: CSV (RFC 4180, comma or semicolon, UTF-8 with or without a BOM) with the header
 * `name,email[,password][,role]`, or what `export` wrote, CSV or NDJSON, with hashes or without.
 * @throws ImportSourceError
 */
export async function openRosterSource(file: string, options: RosterOptions): Promise<ImportSource> {
  const head = await readHead(file);
  const ndjson = head.startsWith('{');
  const header = ndjson ? [...COLUMNS] : headerOf(head);
  const fault = ndjson ? undefined : headerFault(header);
  if (fault !== undefined) throw new ImportSourceError(`${file}: ${fault}`);
  const delimiter = delimiterOf(head);
  return {
    fingerprint: await fingerprint(file, ['roster']),
    total: undefined,
    batchSize: ndjson || header.includes('password_hash') ? BATCH : BATCH_TO_HASH,
    rows: async function* (after) {
      let position = 0;
      const records = ndjson ? readNdjson(file) : readCsv(file, delimiter);
      for await (const cells of records) {
        position += 1;
        if (position > after) yield toSourceRow(position, cells, options);
      }
    },
    close: () => undefined,
  };
}

async function readHead(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return (
        buffer
          .subarray(0, bytesRead)
          .toString('utf8')
          .replace(/^\ufeff/, '')
          .split(/\r\n|\n|\r/)[0] ?? ''
      ).trim();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new ImportSourceError(`${file} cannot be read.`, { cause: error });
  }
}

function delimiterOf(header: string): ',' | ';' {
  return header.includes(';') && !header.includes(',') ? ';' : ',';
}

function headerOf(header: string): string[] {
  return header.split(delimiterOf(header)).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase(),
  );
}

function headerFault(header: readonly string[]): string | undefined {
  const known: readonly string[] = COLUMNS;
  const unknown = header.filter((name) => !known.includes(name));
  if (!header.includes('name') || !header.includes('email')) {
    return 'the first line must be the header: name,email[,password][,role]';
  }
  if (unknown.length > 0)
    return `the header has unknown columns: ${unknown.map((name) => JSON.stringify(name)).join(', ')}`;
  if (new Set(header).size < header.length) return 'the header names a column twice';
  return undefined;
}

async function* readCsv(file: string, delimiter: string): AsyncGenerator<Cells> {
  const parser = parse({
    bom: true,
    delimiter,
    columns: (header: string[]) => header.map((cell) => cell.trim().toLowerCase()),
    skip_empty_lines: true,
    relax_column_count_less: true,
    max_record_size: LONGEST_RECORD,
  });
  const stream = createReadStream(file).on('error', (error) => parser.destroy(error));
  const utf8 = new Utf8Check().on('error', (error) => parser.destroy(error));
  stream.pipe(utf8).pipe(parser);
  try {
    for await (const record of parser) yield guardless(record as Cells);
  } catch (error) {
    throw readable(file, error);
  } finally {
    stream.destroy();
  }
}

async function* readNdjson(file: string): AsyncGenerator<Cells> {
  const stream = createReadStream(file);
  let line = 0;
  try {
    for await (const text of createInterface({ input: stream.pipe(new Utf8Check()), crlfDelay: Infinity })) {
      line += 1;
      if (text.trim() !== '') yield parseLine(text, line);
    }
  } catch (error) {
    throw readable(file, error);
  } finally {
    stream.destroy();
  }
}

function parseLine(text: string, line: number): Cells {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    const cells = COLUMNS.filter((name) => typeof value[name] === 'string').map((name) => [
      name,
      value[name],
    ]);
    return Object.fromEntries(cells) as Cells;
  } catch (error) {
    throw new ImportSourceError(`line ${line} is not JSON`, { cause: error });
  }
}

/** Passes bytes on as they are, and fails at the first that is not UTF-8: names would be spoilt silently. */
class Utf8Check extends Transform {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null, data?: Buffer) => void,
  ): void {
    try {
      this.decoder.decode(chunk, { stream: true });
      done(null, chunk);
    } catch {
      done(new ImportSourceError('it is not UTF-8: save it as “CSV UTF-8”'));
    }
  }

  override _flush(done: (error?: Error | null) => void): void {
    try {
      this.decoder.decode();
      done();
    } catch {
      done(new ImportSourceError('it is not UTF-8: save it as “CSV UTF-8”'));
    }
  }
}

function readable(file: string, error: unknown): ImportSourceError {
  if (error instanceof ImportSourceError)
    return new ImportSourceError(`${file}: ${error.message}`, { cause: error });
  const { code, lines } = error as { code?: unknown; lines?: unknown };
  if (typeof code === 'string' && code.startsWith('CSV_')) {
    return new ImportSourceError(
      `${file}: line ${String(lines)} is not CSV (${code.slice(4).toLowerCase().replaceAll('_', ' ')})`,
      {
        cause: error,
      },
    );
  }
  throw error;
}

function guardless(cells: Cells): Cells {
  const { password, ...rest } = cells;
  const plain = Object.entries(rest).map(([name, cell]) => [name, unguardCell(cell)]);
  return { ...(Object.fromEntries(plain) as Cells), ...(password === undefined ? {} : { password }) };
}

function toSourceRow(position: number, cells: Cells, options: RosterOptions): SourceRow {
  const {
    name = '',
    email = '',
    role,
    public_id: publicId,
    password_hash: hash = '',
    created_at: created = '',
  } = cells;
  const raw = { position, publicId, name, email: email.trim(), role: role?.trim() };
  const at = created === '' ? undefined : Date.parse(created);
  if (at !== undefined && !Number.isFinite(at))
    return checkIdentity(raw, { fault: 'created_at must be a time (RFC 3339)' });
  const extra = at === undefined ? {} : { createdAt: at };
  if (hash !== '') return checkIdentity(raw, { hash }, { ...extra, ...hashWarning(hash) });
  return checkIdentity(raw, plainPassword(cells.password ?? '', raw, options), extra);
}

function plainPassword(
  given: string,
  row: { readonly name: string; readonly email: string },
  { makePassword, passwordMinLength }: RosterOptions,
): { readonly plain: string } | { readonly fault: string } {
  if (given === '') {
    return makePassword
      ? { plain: makePassword(row) }
      : { fault: 'password is missing (--credentials FILE makes one)' };
  }
  const faults = passwordFaults(given, { minLength: passwordMinLength, notLike: [row.name, row.email] });
  return faults.length > 0 ? { fault: faults.join('; ') } : { plain: given };
}
