import { createRequire } from 'node:module';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { PinoPretty } from 'pino-pretty';
import { isError } from '../../common/is-error.js';
import type { Settings } from '../../config/settings.js';
import { describeError } from '../../http/describe-error.js';

const FLUSH_EVERY_MS = 500;
const BUFFER_BYTES = 4096;

/** The process's logger: JSON lines in production, readable ones in development, on standard output. */
export function createLogger(
  settings: Pick<Settings, 'production' | 'logLevel'>,
  destination: DestinationStream = settings.production ? bufferedOutput() : readableOutput(),
): Logger {
  return pino(
    {
      level: settings.logLevel,
      base: { pid: process.pid },
      timestamp: isoTime,
      // Errors bring bind parameters and bodies along: only what we pick is written, whoever logs them.
      serializers: { err: described, error: described },
    },
    destination,
  );
}

let atMs = NaN;
let atText = '';

/** pino's own, kept for the millisecond: under load many lines share one. */
function isoTime(): string {
  if (Date.now() !== atMs) {
    atMs = Date.now();
    atText = pino.stdTimeFunctions.isoTime();
  }
  return atText;
}

/** What is no `Error` has been described already. */
function described(error: unknown): unknown {
  return isError(error) ? describeError(error) : error;
}

/** Loaded in development only: it is thirty files that a start in production need not read. */
function readableOutput(): DestinationStream {
  const pretty = createRequire(import.meta.url)('pino-pretty') as typeof PinoPretty;
  return pretty({ sync: true, ignore: 'pid,hostname' });
}

/** Lines are written a few at a time, off the request's path; pino writes the rest synchronously when the process exits. */
function bufferedOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: false, minLength: BUFFER_BYTES });
  setInterval(() => output.flush(), FLUSH_EVERY_MS).unref();
  return output;
}
