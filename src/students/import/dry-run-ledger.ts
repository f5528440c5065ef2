import Sqlite from 'better-sqlite3';
import type { Candidate } from './candidate.js';
import { type Holders, OF_THIS_BATCH } from './placement.js';

/**
 * What a dry run would have taken in so far, so that it finds duplicates within its source as a real run does. In a
 * temporary database of SQLite's, which spills to disk by itself: a million students take no memory to speak of.
 */
export class DryRunLedger {
  private readonly scratch = new Sqlite('');
  private readonly find: Sqlite.Statement<[string]>;
  private readonly insert: Sqlite.Statement<[string, string]>;

  constructor() {
    // Lost with the process whatever happens.
    this.scratch.pragma('journal_mode = OFF');
    this.scratch.exec('CREATE TABLE taken (what TEXT PRIMARY KEY, name_key TEXT NOT NULL) WITHOUT ROWID');
    this.find = this.scratch.prepare('SELECT name_key FROM taken WHERE what = ?').pluck();
    this.insert = this.scratch.prepare('INSERT OR IGNORE INTO taken (what, name_key) VALUES (?, ?)');
  }

  /** Adds to `holders` what this dry run has given away. */
  addTo(holders: Holders, candidates: readonly Candidate[]): void {
    for (const { nameKey, emailKey, publicId } of candidates) {
      for (const key of [nameKey, emailKey]) if (this.isTaken(key)) holders.byKey.set(key, OF_THIS_BATCH);
      const idHolder = publicId === undefined ? undefined : this.find.get(`id ${publicId}`);
      if (publicId !== undefined && idHolder !== undefined) {
        holders.byPublicId.set(publicId, { id: OF_THIS_BATCH, nameKey: idHolder as string });
      }
    }
  }

  isTaken(key: string): boolean {
    return this.find.get(`key ${key}`) !== undefined;
  }

  take(candidates: readonly Candidate[]): void {
    this.scratch.transaction(() => {
      for (const { nameKey, emailKey, publicId } of candidates) {
        this.insert.run(`key ${nameKey}`, nameKey);
        this.insert.run(`key ${emailKey}`, nameKey);
        if (publicId !== undefined) this.insert.run(`id ${publicId}`, nameKey);
      }
    })();
  }

  close(): void {
    this.scratch.close();
  }
}
