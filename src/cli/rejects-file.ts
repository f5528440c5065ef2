import { closeSync, openSync, writeSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import type { Reject } from '../students/import/candidate.js';
import { guardCell } from '../students/formula-guard.js';

/** Rows that could not come in, as CSV; mode 0600, as they are personal data. */
export class RejectsFile {
  private readonly descriptor: number;

  /** @param append whether a broken-off run goes on, whose rejects stand there already */
  constructor(file: string, append: boolean) {
    this.descriptor = openSync(file, append ? 'a' : 'w', 0o600);
    if (!append) writeSync(this.descriptor, 'row,reason,public_id,name,email\n');
  }

  write({ position, reason, publicId, name, email }: Reject): void {
    const cells = [String(position), ...[reason, publicId, name, email].map(guardCell)];
    writeSync(this.descriptor, stringify([cells]));
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
