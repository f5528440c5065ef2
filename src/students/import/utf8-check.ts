import { Transform, type TransformCallback } from 'node:stream';
import { ImportSourceError } from './import-source-error.js';

/** Passes bytes on as they are, and fails at the first that is not UTF-8: names would be spoilt silently. */
export class Utf8Check extends Transform {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.check(() => this.decoder.decode(chunk, { stream: true }), done, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.check(() => this.decoder.decode(), done);
  }

  private check(decode: () => string, done: TransformCallback, chunk?: Buffer): void {
    try {
      decode();
    } catch {
      done(new ImportSourceError('it is not UTF-8: save it as “CSV UTF-8”'));
      return;
    }
    done(null, chunk);
  }
}
