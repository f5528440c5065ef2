import { createWriteStream, fchmodSync, openSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import { type RosterFormat, rosterText } from '../students/export/roster-text.js';
import { StudentExporter } from '../students/export/student-exporter.service.js';
import { withApplication } from './application.js';
import { CliFailure } from './cli-failure.js';

interface Flags {
  readonly format: RosterFormat;
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
        const rows = rosterText(students, format, withHashes === true);
        await (file === undefined
          ? toStandardOutput(rows)
          : pipeline(rows, createWriteStream(file, { fd: openForOwner(file) })));
      });
    });
}

/** Mode 0600, also of a file that was there: it holds personal data, and hashes where they are asked for. */
function openForOwner(file: string): number {
  try {
    const descriptor = openSync(file, 'w', 0o600);
    fchmodSync(descriptor, 0o600);
    return descriptor;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new CliFailure(`${file} cannot be written (${code}).`, { cause: error });
  }
}

/** A reader that has seen enough (`| head`) is no failure. */
async function toStandardOutput(rows: Readable): Promise<void> {
  try {
    await pipeline(rows, process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
