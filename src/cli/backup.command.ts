import type { Command } from 'commander';
import { loadSettings } from '../config/load-settings.js';
import { BackupError, backupSqlite } from '../database/sqlite-backup.js';
import { checkSqliteFile } from '../database/sqlite-file.js';
import { CliFailure } from './cli-failure.js';

export function registerBackup(program: Command): void {
  program
    .command('backup <file>')
    .description('copy the SQLite database, while the server runs, and verify the copy')
    .action((copy: string) => {
      const { database } = loadSettings();
      if (database.kind === 'postgres')
        throw new CliFailure('backup copies a SQLite file; on Postgres use pg_dump.');
      checkSqliteFile(database.file);
      try {
        const { students } = backupSqlite(database.file, copy);
        console.log(`${copy} holds ${students} students; integrity_check: ok`);
      } catch (error) {
        throw error instanceof BackupError ? new CliFailure(error.message, { cause: error }) : error;
      }
    });
}
