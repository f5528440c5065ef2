/** The options that differ from `pg`'s own reading of a connection URL. */
export interface PostgresConnection {
  readonly url: string;
  readonly poolSize: number;
  readonly connectTimeoutMS: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

const DEFAULT_POOL_SIZE = 10;
const DEFAULT_STATEMENT_TIMEOUT_MS = 10_000;
/** As long as a writer waits for SQLite's lock: a database that cannot be reached is a 503 after this. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * `postgres://…?pool_size=20&statement_timeout=5000&sslmode=verify-full`: `pool_size` is ours, `statement_timeout`
 * (milliseconds) has a default of ours, and the rest, `sslmode` among it, is left to `pg`.
 */
export function postgresConnection(url: string): PostgresConnection {
  const parsed = new URL(url);
  const poolSize = positive(parsed.searchParams.get('pool_size')) ?? DEFAULT_POOL_SIZE;
  const statementTimeout =
    positive(parsed.searchParams.get('statement_timeout')) ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  parsed.searchParams.delete('pool_size');
  parsed.searchParams.delete('statement_timeout');
  return {
    url: parsed.href,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      statement_timeout: statementTimeout,
      idle_in_transaction_session_timeout: statementTimeout,
      keepAlive: true,
    },
  };
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,7}$/.test(text) ? Number(text) : undefined;
}
