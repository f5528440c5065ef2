import Sqlite from 'better-sqlite3';
import { loginKey } from '../../common/login-key.js';
import type { Candidate } from './candidate.js';
import { type Holders, OF_THIS_BATCH } from './placement.js';

/**
 * What a dry run would have taken in so far, so that it finds duplicates within its source as a real run does. In a
 * temporary database of SQLite's, which spills to disk by itself: a million students take no memory to speak of.
 */
export class DryRunLedger {
  private readonly scratch = new Sqlite('');

  constructor() {
    this.scratch.exec('CREATE TABLE taken (what TEXT PRIMARY KEY) WITHOUT ROWID');
  }

  /** Adds to `holders` what this dry run has given away. */
  addTo(holders: Holders, candidates: readonly Candidate[]): void {
    const find = this.scratch.prepare('SELECT 1 FROM taken WHERE what = ?').pluck();
    for (const { name, email, publicId } of candidates) {
      for (const key of [loginKey(name), loginKey(email)]) {
        if (find.get(`key ${key}`) !== undefined) holders.byKey.set(key, OF_THIS_BATCH);
      }
      if (publicId !== undefined && find.get(`id ${publicId}`) !== undefined) {
        holders.byPublicId.set(publicId, OF_THIS_BATCH);
      }
    }
  }

  isTaken(key: string): boolean {
    return this.scratch.prepare('SELECT 1 FROM taken WHERE what = ?').get(`key ${key}`) !== undefined;
  }

  take(candidates: readonly Candidate[]): void {
    const insert = this.scratch.prepare('INSERT OR IGNORE INTO taken (what) VALUES (?)');
    this.scratch.transaction(() => {
      for (const { name, email, publicId } of candidates) {
        insert.run(`key ${loginKey(name)}`);
        insert.run(`key ${loginKey(email)}`);
        if (publicId !== undefined) insert.run(`id ${publicId}`);
      }
    })();
  }

  close(): void {
    this.scratch.close();
  }
}
