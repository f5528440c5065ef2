import { isError } from '../common/is-error.js';

/** What the log is told of an error: never its other properties, which may hold bind parameters or bodies. */
export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorDescription;
}

const DEEPEST_CAUSE = 3;

/**
 * Codes of errors whose text quotes what they were given: SQLite's, Postgres' SQLSTATEs and Node's argument checks.
 * Postgres puts bind values into messages (`invalid input syntax for type integer: "…"`).
 */
const QUOTES_VALUES = /^(?:SQLITE_|ERR_INVALID_|[0-9A-Z]{5}$)/;

/** Type, message, stack and driver code of an error and of its causes, with quoted values blanked where they may be a caller's. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!isError(error)) return { type: typeof error, message: 'not an Error' };
  const { code, driverError } = error as Error & { code?: unknown; driverError?: unknown };
  const driverCode = code ?? (driverError as { code?: unknown } | undefined)?.code;
  const text =
    typeof driverCode === 'string' || typeof driverCode === 'number' ? String(driverCode) : undefined;
  const quotes = error.name === 'SyntaxError' || driverError !== undefined || QUOTES_VALUES.test(text ?? '');
  const cause = error.cause ?? driverError;
  return {
    type: error.constructor.name,
    message: quotes ? withoutQuoted(error.message) : error.message,
    ...(text === undefined ? {} : { code: text }),
    // The first lines of a stack repeat the message: only the frames are kept.
    stack: (error.stack ?? '').split('\n').filter(isFrame).join('\n'),
    ...(cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}

function withoutQuoted(message: string): string {
  return message.replace(/"[^]*"/g, '"…"').replace(/'[^]*'/g, "'…'");
}
