import type { Command } from 'commander';
import { CredentialsFile } from '../students/import/credentials-file.js';
import { GivenPasswords } from '../students/import/given-passwords.service.js';
import type { Begun } from '../students/import/import-progress.js';
import { openRosterSource } from '../students/import/roster-source.js';
import { withApplication } from './application.js';
import { type Companion, type ImportFlags, runImport } from './run-import.js';

interface Flags extends ImportFlags {
  readonly credentials?: string;
}

export function registerImportCsv(program: Command): void {
  program
    .command('import:csv <file>')
    .description('take a roster in: CSV with name,email[,password][,role], or what export wrote')
    .option('--dry-run', 'say what would happen and write nothing')
    .option('--rejects <file>', 'write the rows that cannot come in to this CSV file')
    .option(
      '--credentials <file>',
      'make passwords for rows without one and write them to this file (mode 0600)',
    )
    .action(async (file: string, flags: Flags) => {
      await withApplication(async (application) => {
        const { passwordMinLength, hashConcurrency } = application.settings;
        const { credentials, dryRun } = flags;
        // A dry run makes passwords too, so that it judges rows alike, but writes none down.
        const makePasswords = credentials !== undefined;
        const source = await openRosterSource(file, { passwordMinLength, hashConcurrency, makePasswords });
        const given = application.context.get(GivenPasswords);
        const companion =
          credentials === undefined || dryRun
            ? undefined
            : (begun: Begun | undefined) => credentialsTo(credentials, begun, given);
        await runImport(application, 'import:csv', source, flags, companion);
      });
    });
}

async function credentialsTo(
  path: string,
  begun: Begun | undefined,
  given: GivenPasswords,
): Promise<Companion> {
  const file = new CredentialsFile(path);
  try {
    if (begun) await file.dropUnused((credentials) => given.logsIn(credentials));
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    write: (batch) => file.write(batch.imported),
    keep: () => file.keep(),
    close: () => file.close(),
  };
}
