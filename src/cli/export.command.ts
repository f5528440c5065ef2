import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import { stringify } from 'csv-stringify';
import { guardCell } from '../students/formula-guard.js';
import { type ExportedStudent, StudentExporter } from '../students/export/student-exporter.service.js';
import { withApplication } from './application.js';

interface Flags {
  readonly format: 'csv' | 'ndjson';
  readonly withHashes?: true;
}

export function registerExport(program: Command): void {
  program
    .command('export [file]')
    .description('write all students, in order of registration, to a file or to standard output')
    .addOption(new Option('--format <format>', 'how').choices(['csv', 'ndjson']).default('csv'))
    .option('--with-hashes', 'with the password hashes, to be imported again')
    .action(async (file: string | undefined, { format, withHashes }: Flags) => {
      await withApplication(async ({ context }) => {
        const students = context.get(StudentExporter).students(withHashes === true);
        const rows = format === 'csv' ? csvText(students, withHashes === true) : ndjsonLines(students);
        await (file === undefined
          ? toStandardOutput(rows)
          : pipeline(rows, createWriteStream(file, { mode: 0o600 })));
      });
    });
}

/** A reader that has seen enough (`| head`) is no failure. */
async function toStandardOutput(rows: Readable): Promise<void> {
  try {
    await pipeline(rows, process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

/** Cells that a spreadsheet would run as a formula get a quote before them; import:csv takes it off again. */
function csvText(students: AsyncIterable<ExportedStudent>, withHashes: boolean): Readable {
  const columns = [
    'public_id',
    'name',
    'email',
    'role',
    'created_at',
    ...(withHashes ? ['password_hash'] : []),
  ];
  const writer = stringify({ header: true, columns });
  const rows = Readable.from(guarded(students)).on('error', (error) => writer.destroy(error));
  return rows.pipe(writer);
}

async function* guarded(students: AsyncIterable<ExportedStudent>): AsyncGenerator<Record<string, string>> {
  for await (const student of students) {
    yield Object.fromEntries(Object.entries(student).map(([name, cell]) => [name, guardCell(String(cell))]));
  }
}

function ndjsonLines(students: AsyncIterable<ExportedStudent>): Readable {
  return Readable.from(lines(students));
}

async function* lines(students: AsyncIterable<ExportedStudent>): AsyncGenerator<string> {
  for await (const student of students) yield `${JSON.stringify(student)}\n`;
}
