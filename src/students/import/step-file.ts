import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { ImportSourceError } from './import-source-error.js';

/** Bytes looked at at a time, from the end. */
const TAIL = 1 << 20;

/**
 * A file of lines that grows in step with the batches of an import: what is written of a batch is written before its
 * commit and replaced if the batch is run again. Mode 0600: such files hold personal data.
 */
export class StepFile {
  private readonly descriptor: number;
  /** Where the lines of the batches that are done end. */
  private done = 0;
  private end = 0;

  /**
   * @param header the first line, by which a file of the same purpose is known again; any other file is left alone
   * @param keep whether the lines of an earlier run stay
   * @throws ImportSourceError
   */
  constructor(file: string, header: string, keep: boolean) {
    const descriptor = openOrMake(file);
    try {
      const size = fstatSync(descriptor).size;
      this.descriptor = descriptor;
      if (size > 0 && this.read(0, header.length + 1) !== `${header}\n`) {
        throw new ImportSourceError(
          `${file} is there already and holds something else; it was left untouched.`,
        );
      }
      fchmodSync(descriptor, 0o600);
      this.cut(keep ? size : 0);
      if (this.done === 0) this.append(`${header}\n`);
      this.keep();
    } catch (error) {
      closeSync(descriptor);
      throw error instanceof ImportSourceError ? error : cannotWrite(file, error);
    }
  }

  /** The last whole line but the header; undefined where there is none. What is not a whole line is cut off. */
  lastLine(): string | undefined {
    for (let length = Math.min(TAIL, this.done); ; length = Math.min(length * 2, this.done)) {
      const tail = this.read(this.done - length, length, 'latin1');
      const lineEnd = tail.lastIndexOf('\n');
      const start = tail.lastIndexOf('\n', lineEnd - 1) + 1;
      if (lineEnd <= 0 || (start === 0 && length < this.done)) continue;
      const from = this.done - length + start;
      this.cut(this.done - length + lineEnd + 1);
      return from === 0 ? undefined : this.read(from, this.done - from - 1);
    }
  }

  /** Removes the line that `lastLine` gave. */
  dropLastLine(): void {
    const line = this.lastLine();
    if (line !== undefined) this.cut(this.done - Buffer.byteLength(line) - 1);
  }

  /** Whole lines of the batch under way, in place of those that were written of it before. */
  write(text: string): void {
    this.end = this.done;
    ftruncateSync(this.descriptor, this.end);
    this.append(text);
  }

  /** Has what was written on the disk, whatever happens to the power. */
  sync(): void {
    fsyncSync(this.descriptor);
  }

  /** The batch is done; what comes now is the next one's. */
  keep(): void {
    this.done = this.end;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private cut(at: number): void {
    ftruncateSync(this.descriptor, at);
    this.done = this.end = at;
  }

  private append(text: string): void {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.descriptor, bytes, written, bytes.length - written, this.end + written);
    }
    this.end += bytes.length;
  }

  private read(from: number, length: number, encoding: BufferEncoding = 'utf8'): string {
    const bytes = Buffer.alloc(length);
    return bytes.toString(encoding, 0, readSync(this.descriptor, bytes, 0, length, from));
  }
}

/** Not `w+`, which would empty the file before anybody has looked at it; not `a+`, which cannot replace. */
function openOrMake(file: string): number {
  try {
    return openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

function cannotWrite(file: string, error: unknown): ImportSourceError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new ImportSourceError(`${file} cannot be written (${code}).`, { cause: error });
}
