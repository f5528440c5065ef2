import { stringify } from 'csv-stringify/sync';
import { guardCell } from '../students/formula-guard.js';
import type { Reject } from '../students/import/candidate.js';
import { oneLine } from '../students/import/one-line.js';
import { StepFile } from '../students/import/step-file.js';

const HEADER = 'row,reason,public_id,name,email';

/** Rows that could not come in, as CSV, a line each, in their order. */
export class RejectsFile {
  private readonly file: StepFile;

  /**
   * @param done the position that a broken-off run had reached, whose rejects stand there already; undefined for a
   *   fresh start
   * @throws ImportSourceError
   */
  constructor(file: string, done: number | undefined) {
    this.file = new StepFile(file, HEADER, done !== undefined);
    if (done === undefined) return;
    // Those of a batch that was broken off before its commit come again.
    for (let line = this.file.lastLine(); line !== undefined; line = this.file.lastLine()) {
      if (Number.parseInt(line, 10) <= done) break;
      this.file.dropLastLine();
    }
  }

  /** The rejects of the batch under way. */
  write(rejects: readonly Reject[]): void {
    const rows = rejects.map(({ position, reason, publicId, name, email }) => [
      String(position),
      ...[reason, publicId, name, email].map((cell) => guardCell(oneLine(cell))),
    ]);
    this.file.write(stringify(rows));
  }

  /** The batch is in the database. */
  keep(): void {
    this.file.keep();
  }

  close(): void {
    this.file.close();
  }
}
