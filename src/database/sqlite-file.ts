import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { DatabaseStartError } from './database-start-error.js';

/** Marks a SQLite file as student-auth's (https://www.sqlite.org/pragma.html#pragma_application_id): "stau". */
export const APPLICATION_ID = 0x73746175;

/** Names, e-mails and password hashes: nobody else's on the machine. SQLite gives the files beside it the same. */
const OWNER_ONLY = 0o600;

/**
 * Looks at the file before anything opens it for writing: a database that is not ours is left untouched. One that does
 * not exist yet is made, empty and for its owner alone, with its folder.
 * @throws DatabaseStartError with one line for the person at the terminal
 */
export function checkSqliteFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    makeUnlessThere(file);
    if (statSync(file).size === 0) return;
  } catch (error) {
    throw new DatabaseStartError(`The folder of the database ${file} cannot be used.`, error);
  }
  if (!statSync(file).isFile()) throw new DatabaseStartError(`The database ${file} is not a file.`);
  let facts: { applicationId: number; tables: number };
  try {
    facts = readFacts(file);
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_NOTADB') {
      throw new DatabaseStartError(
        `The file ${file} is not a SQLite database; it was left untouched.`,
        error,
      );
    }
    throw new DatabaseStartError(`The database ${file} cannot be read.`, error);
  }
  if (facts.tables > 0 && facts.applicationId !== APPLICATION_ID) {
    throw new DatabaseStartError(
      `The database ${file} was not made by student-auth; it was left untouched. Choose another DATABASE_URL.`,
    );
  }
}

/** The mode of a file that is there is its owner's choice, and stays. */
function makeUnlessThere(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })) return;
  closeSync(openSync(file, 'a', OWNER_ONLY));
}

function readFacts(file: string): { applicationId: number; tables: number } {
  const connection = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    // One transaction, so that the two answers belong together while another process makes the file.
    return connection.transaction(() => ({
      tables: connection.prepare('SELECT count(*) FROM sqlite_master').pluck().get() as number,
      applicationId: connection.pragma('application_id', { simple: true }) as number,
    }))();
  } finally {
    connection.close();
  }
}
