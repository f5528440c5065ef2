import { isError } from '../common/is-error.js';

/**
 * SQLite's primary and extended result codes that say "not now": another process holds the lock, or the disk is full,
 * read-only or failing (https://www.sqlite.org/rescode.html).
 */
const SQLITE = /^SQLITE_(?:BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN|PROTOCOL)(?:_|$)/;

/**
 * Postgres' SQLSTATEs that say the same (PostgreSQL manual, appendix A): 08 connection, 53 resources, 57P0x shutdown and
 * start, 25P03 idle session ended, 58030 I/O, 55P03 lock wait, 57014 statement timeout, 25006 read-only standby,
 * 40001 and 40P01 contention.
 */
const POSTGRES = /^(?:08\w{3}|53\w{3}|57P0\w|25P03|58030|55P03|57014|25006|40001|40P01)$/;

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What pg, its pool, better-sqlite3 and TypeORM say, without a code, of a connection that is gone. */
const MESSAGES =
  /^(?:Error: )?(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end|The database connection is not open|Query read timeout|Driver not Connected)/i;

const DEEPEST_CAUSE = 4;

/**
 * Whether an error means that the database cannot answer or write for the moment, so that the same request may succeed
 * later. Looks through TypeORM's wrapper, causes, and the attempts of a connection to several addresses.
 */
export function isDatabaseUnavailable(error: unknown, depth = 0): boolean {
  if (!isError(error) || depth > DEEPEST_CAUSE) return false;
  const { code, driverError, errors } = error as Partial<AggregateError> & {
    code?: unknown;
    driverError?: unknown;
  };
  if (typeof code === 'string' && (SQLITE.test(code) || POSTGRES.test(code) || NETWORK.has(code)))
    return true;
  if (MESSAGES.test(error.message)) return true;
  if (Array.isArray(errors) && errors.some((one) => isDatabaseUnavailable(one, depth + 1))) return true;
  return isDatabaseUnavailable(driverError, depth + 1) || isDatabaseUnavailable(error.cause, depth + 1);
}
