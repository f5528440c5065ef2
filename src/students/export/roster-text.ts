import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { guardCell } from '../formula-guard.js';
import type { ExportedStudent } from './student-exporter.service.js';

export type RosterFormat = 'csv' | 'ndjson';

const COLUMNS = ['public_id', 'name', 'email', 'role', 'created_at'];

/** Students as text that `import:csv` reads again, as they come. */
export function rosterText(
  students: AsyncIterable<ExportedStudent>,
  format: RosterFormat,
  withHashes: boolean,
): Readable {
  return format === 'csv' ? csvText(students, withHashes) : Readable.from(lines(students));
}

/** Cells that a spreadsheet would run as a formula get a quote before them; import:csv takes it off again. */
function csvText(students: AsyncIterable<ExportedStudent>, withHashes: boolean): Readable {
  const columns = [...COLUMNS, ...(withHashes ? ['password_hash'] : [])];
  const writer = stringify({ header: true, columns });
  const rows = Readable.from(guarded(students)).on('error', (error) => writer.destroy(error));
  return rows.pipe(writer);
}

async function* guarded(students: AsyncIterable<ExportedStudent>): AsyncGenerator<Record<string, string>> {
  for await (const student of students) {
    yield Object.fromEntries(Object.entries(student).map(([name, cell]) => [name, guardCell(String(cell))]));
  }
}

async function* lines(students: AsyncIterable<ExportedStudent>): AsyncGenerator<string> {
  for await (const student of students) yield `${JSON.stringify(student)}\n`;
}
