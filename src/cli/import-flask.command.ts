import type { Command } from 'commander';
import { openFlaskSource } from '../students/import/flask-source.js';
import { withApplication } from './application.js';
import { type ImportFlags, runImport } from './run-import.js';

interface Flags extends ImportFlags {
  readonly emailDomain?: string;
}

export function registerImportFlask(program: Command): void {
  program
    .command('import:flask <file>')
    .description("take the students of the original Flask app's SQLite file in; the file is only read")
    .option('--dry-run', 'say what would happen and write nothing')
    .option('--rejects <file>', 'write the rows that cannot come in to this CSV file')
    .option('--rename-duplicates', 'append a number to a name that is taken')
    .option('--email-domain <domain>', 'make name@domain where there is no e-mail')
    .action(async (file: string, flags: Flags) => {
      await withApplication(async (application) => {
        const { emailDomain, renameDuplicates } = flags;
        const source = await openFlaskSource(file, {
          emailDomain,
          renameDuplicates: renameDuplicates === true,
        });
        await runImport(application, 'import:flask', source, flags);
      });
    });
}
