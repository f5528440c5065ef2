import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { driverCode } from './driver-code.js';

export interface Backup {
  /** Students in the copy. */
  readonly students: number;
}

/** Why there is no good copy: one line for the person at the terminal. */
export class BackupError extends Error {}

/**
 * Copies a database that others go on using: VACUUM INTO reads one snapshot in one step, where a stepped copy would
 * begin anew whenever another process writes. The copy is then opened and checked; a bad one is removed.
 * @throws BackupError
 */
export function backupSqlite(file: string, copy: string): Backup {
  reserve(copy);
  try {
    copyTo(file, copy);
    const backup = verify(copy);
    flush(copy);
    return backup;
  } catch (error) {
    rmSync(copy, { force: true });
    throw error instanceof BackupError
      ? error
      : new BackupError(`The copy could not be made (${driverCode(error) ?? 'unknown'}).`, { cause: error });
  }
}

/** Makes the file, empty, for its owner alone: VACUUM INTO fills such a one, and nobody else can have put it there. */
function reserve(copy: string): void {
  try {
    closeSync(openSync(copy, 'wx', 0o600));
  } catch (error) {
    const code = driverCode(error) ?? 'unknown';
    throw new BackupError(
      code === 'EEXIST'
        ? `${copy} is there already; nothing was written.`
        : `${copy} cannot be written (${code}).`,
      { cause: error },
    );
  }
}

function copyTo(file: string, copy: string): void {
  const source = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
  try {
    source.prepare('VACUUM INTO ?').run(copy);
  } finally {
    source.close();
  }
}

function verify(copy: string): Backup {
  const connection = new Sqlite(copy, { readonly: true, fileMustExist: true });
  try {
    const integrity = connection.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') throw new BackupError('The copy is damaged: integrity_check failed.');
    if ((connection.pragma('foreign_key_check') as unknown[]).length > 0) {
      throw new BackupError('The copy is damaged: foreign_key_check failed.');
    }
    const students = connection.prepare('SELECT count(*) FROM student').pluck().get() as number;
    return { students };
  } finally {
    connection.close();
  }
}

/** The file and its folder entry on the disk, so that a power loss does not take the backup along. */
function flush(copy: string): void {
  for (const path of process.platform === 'win32' ? [copy] : [copy, dirname(copy)]) {
    const descriptor = openSync(path, process.platform === 'win32' ? 'r+' : 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
}
