import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database } from '../database/database.js';
import { answered } from './answered.js';
import { bucketUsage } from './bucket-usage.js';
import { ACCOUNT_REFILL_MS } from './limits.js';
import type { Failures, Usage } from './throttle-store.js';

/** One statement, so that failures at once on several instances all count. */
const MOVE_EXPIRY = `
  INSERT INTO "throttle" ("key", "points", "expire") VALUES ($1, 1, $2::bigint + ${ACCOUNT_REFILL_MS})
  ON CONFLICT ("key") DO UPDATE
  SET "expire" = GREATEST("throttle"."expire", $2::bigint) + ${ACCOUNT_REFILL_MS}`;

/** The bucket of an account as the expiry of a row in the library's table: rows of full buckets go with the expired. */
export class PostgresBucket implements Failures {
  constructor(
    private readonly limiter: RateLimiterPostgres,
    private readonly database: Database,
  ) {}

  async read(key: string): Promise<Usage> {
    return bucketUsage(await answered(this.limiter.get(key)));
  }

  async add(key: string): Promise<void> {
    await answered(this.database.query(MOVE_EXPIRY, [this.limiter.getKey(key), Date.now()]));
  }
}
