import type { Command } from 'commander';
import { withApplication } from './application.js';

/** The server does the same when it starts; apart, for those who update the schema before the program. */
export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the schema up to date and say what was done')
    .action(async () => {
      await withApplication(({ migrated }) => {
        for (const name of migrated) console.log(`ran ${name}`);
        console.log(migrated.length === 0 ? 'The schema is up to date.' : 'The schema is now up to date.');
        return Promise.resolve();
      });
    });
}
