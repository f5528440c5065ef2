import type { Command } from 'commander';
import { CredentialsFile, idOf } from '../students/import/credentials-file.js';
import { openRosterSource } from '../students/import/roster-source.js';
import { withApplication } from './application.js';
import { type ImportFlags, runImport } from './run-import.js';

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
        const { passwordMinLength } = application.settings;
        const made = openCredentials(flags);
        try {
          const source = await openRosterSource(file, {
            passwordMinLength,
            ...(made ? { makePassword: made.makePassword } : {}),
          });
          await runImport(application, source, flags, (students) =>
            made?.file?.write(
              students.map(({ name, email }) => ({ name, email, madeFor: idOf({ name, email }) })),
            ),
          );
        } finally {
          made?.file?.close();
        }
      });
    });
}

/** A dry run makes passwords too, so that it judges rows alike, but writes none down. */
function openCredentials({ credentials, dryRun }: Flags) {
  if (credentials === undefined) return undefined;
  if (dryRun) return { makePassword: () => 'a-dry-run-makes-none', file: undefined };
  const file = new CredentialsFile(credentials);
  return { makePassword: file.makePassword, file };
}
