import { open } from 'node:fs/promises';
import { unguardCell } from '../formula-guard.js';
import type { ImportSource, SourceRow } from './candidate.js';
import { readCsv } from './csv-records.js';
import { fingerprint } from './fingerprint.js';
import { ImportSourceError } from './import-source-error.js';
import { readNdjson } from './ndjson-records.js';
import { type Column, columnsOf, delimiterOf } from './roster-header.js';
import { type RosterCells, type RosterOptions, tooManyCells, toSourceRow } from './roster-row.js';

/** One short transaction's worth of rows with hashes; */
const BATCH = 500;
/** and of rows whose passwords are hashed first, for each thread: enough that the last ones to end weigh little. */
const BATCH_A_THREAD = 32;

interface Record {
  readonly row: number;
  /** Undefined where a row has more cells than there are columns. */
  readonly cells: RosterCells | undefined;
}

/**
 * A roster: CSV (RFC 4180, comma or semicolon, UTF-8 with or without a BOM) with the header
 * `name,email[,password][,role]`, or what `export` wrote, CSV or NDJSON, with hashes or without. Read through once
 * before anything is made of it, so that a file that is not well-formed is told before its first row comes in.
 * @throws ImportSourceError
 */
export async function openRosterSource(file: string, options: RosterOptions): Promise<ImportSource> {
  const head = await readHead(file);
  const records = head.startsWith('{') ? () => readObjects(file) : () => readRows(file, delimiterOf(head));
  const { total, hashed } = await readThrough(file, records);
  if (total === 0) throw new ImportSourceError(`${file} holds no students.`);
  const choices = ['roster', String(options.passwordMinLength), String(options.makePasswords)];
  return {
    fingerprint: await fingerprint(file, choices),
    total,
    batchSize: hashed ? BATCH : Math.min(BATCH, BATCH_A_THREAD * options.hashConcurrency),
    countUpTo: (position) => Math.max(0, Math.min(total, position - 1)),
    rows: async function* (after) {
      for await (const { row, cells } of records()) {
        if (row > after) yield rowOf(row, cells, options);
      }
    },
    close: () => undefined,
  };
}

function rowOf(row: number, cells: RosterCells | undefined, options: RosterOptions): SourceRow {
  return cells ? toSourceRow(row, cells, options) : tooManyCells(row);
}

/** The first line, without its end and without a BOM. */
async function readHead(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      const text = buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '');
      return /^[^\r\n]*/.exec(text)?.[0].trimStart() ?? '';
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new ImportSourceError(`${file} cannot be read (${code}).`, { cause: error });
  }
}

async function readThrough(
  file: string,
  records: () => AsyncIterable<Record>,
): Promise<{ readonly total: number; readonly hashed: boolean }> {
  let total = 0;
  let hashed = true;
  try {
    for await (const { cells } of records()) {
      total += 1;
      hashed &&= cells?.password_hash !== undefined;
    }
  } catch (error) {
    throw error instanceof ImportSourceError
      ? new ImportSourceError(`${file}: ${error.message}`, { cause: error })
      : error;
  }
  return { total, hashed };
}

async function* readRows(file: string, delimiter: ',' | ';'): AsyncGenerator<Record> {
  let columns: readonly Column[] | undefined;
  for await (const { row, cells } of readCsv(file, delimiter)) {
    if (columns) yield { row, cells: inColumns(columns, cells) };
    else columns = columnsOf(cells);
  }
  if (!columns) columnsOf([]);
}

/** A row may leave out its last cells, as spreadsheets do, and have empty ones too many. */
function inColumns(columns: readonly Column[], cells: readonly string[]): RosterCells | undefined {
  if (cells.slice(columns.length).some((cell) => cell !== '')) return undefined;
  return Object.fromEntries(
    columns.flatMap((column, index) => {
      const cell = cells[index] ?? '';
      // A password is nobody's to change; the others may have been guarded when they were exported.
      return cell === '' ? [] : [[column, column === 'password' ? cell : unguardCell(cell)]];
    }),
  );
}

async function* readObjects(file: string): AsyncGenerator<Record> {
  for await (const { row, value } of readNdjson(file)) yield { row, cells: value };
}
