import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { registerAdminCreate } from './cli/admin-create.command.js';
import { registerMigrate } from './cli/migrate.command.js';
import { registerBackup } from './cli/backup.command.js';
import { registerDoctor } from './cli/doctor.command.js';
import { registerExport } from './cli/export.command.js';
import { registerImportCsv } from './cli/import-csv.command.js';
import { registerImportFlask } from './cli/import-flask.command.js';
import { CliFailure } from './cli/cli-failure.js';
import { ImportSourceError } from './students/import/import-source-error.js';
import { startFailure } from './start-failure.js';

const program = new Command('student-auth')
  .description('Commands on the database of the server, with the same settings.')
  .exitOverride()
  .showHelpAfterError();
const commands = [
  registerMigrate,
  registerAdminCreate,
  registerImportFlask,
  registerImportCsv,
  registerExport,
  registerBackup,
  registerDoctor,
];
for (const register of commands) register(program);

try {
  await program.parseAsync();
} catch (error) {
  // commander has told its own faults already.
  if (!(error instanceof CommanderError)) {
    console.error(
      error instanceof CliFailure || error instanceof ImportSourceError ? error.message : startFailure(error),
    );
  }
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
}
