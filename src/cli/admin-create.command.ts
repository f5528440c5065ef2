import type { Command } from 'commander';
import { DomainError } from '../common/domain-error.js';
import { AdminsService } from '../students/admins.service.js';
import { withApplication } from './application.js';
import { callerOnCommandLine } from './caller-on-command-line.js';
import { CliFailure } from './cli-failure.js';
import { askForPassword, passwordFromStdin } from './password-input.js';

interface Options {
  readonly name: string;
  readonly email: string;
  readonly passwordStdin?: true;
}

export function registerAdminCreate(program: Command): void {
  program
    .command('admin:create')
    .description('make an admin, or promote the student who has this name and e-mail')
    .requiredOption('--name <name>', 'the name to log in with')
    .requiredOption('--email <email>', 'the e-mail, good to log in with too')
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .action(async ({ name, email, passwordStdin }: Options) => {
      const password = passwordStdin ? await passwordFromStdin() : await askForPassword();
      const caller = callerOnCommandLine('admin:create');
      const done = await withApplication(async ({ context }) => {
        try {
          return await context.get(AdminsService).createOrPromote({ name, email, password }, caller);
        } catch (error) {
          throw error instanceof DomainError ? new CliFailure(error.message) : error;
        }
      });
      console.log(done === 'created' ? `The admin ${name} has been created.` : `${name} is an admin now.`);
    });
}
