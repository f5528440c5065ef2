import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { registerAdminCreate } from './cli/admin-create.command.js';
import { registerMigrate } from './cli/migrate.command.js';
import { CliFailure } from './cli/cli-failure.js';
import { startFailure } from './start-failure.js';

const program = new Command('student-auth')
  .description('Commands on the database of the server, with the same settings.')
  .exitOverride()
  .showHelpAfterError();
for (const register of [registerMigrate, registerAdminCreate]) register(program);

try {
  await program.parseAsync();
} catch (error) {
  // commander has told its own faults already.
  if (!(error instanceof CommanderError)) {
    console.error(error instanceof CliFailure ? error.message : startFailure(error));
  }
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
}
