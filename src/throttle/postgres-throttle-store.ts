import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database } from '../database/database.js';
import * as limits from './limits.js';
import { PostgresBucket } from './postgres-bucket.js';
import { HOLD_LIFETIME_S, SharedHolds } from './shared-holds.js';
import { type Budget, type ClearableFailures, ThrottleStore } from './throttle-store.js';
import { WindowFailures } from './window-failures.js';

/** Quick beside a password hash, slow beside a look into the table. */
const POLL_MS = 50;

/** Budgets that all instances on one Postgres share, in the table `throttle`, which the migrations make. */
export class PostgresThrottleStore extends ThrottleStore {
  readonly accountAndAddress: Budget<ClearableFailures>;
  readonly account: Budget;
  readonly address: Budget;
  readonly registrations: RateLimiterPostgres;
  readonly pollMs = POLL_MS;

  constructor(database: Database) {
    super();
    const limiter = (keyPrefix: string, points: number, duration: number): RateLimiterPostgres =>
      new RateLimiterPostgres({
        storeClient: database.reader,
        storeType: 'typeorm',
        tableName: 'throttle',
        tableCreated: true,
        // One of them sweeps the expired rows of all.
        clearExpiredByTimeout: keyPrefix === 'registration',
        keyPrefix,
        points,
        duration,
      });
    const holds = (keyPrefix: string, limit: number): SharedHolds =>
      new SharedHolds(limiter(keyPrefix, limit, HOLD_LIFETIME_S));

    const { FAILURES_PER_ACCOUNT_AND_ADDRESS, FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS } = limits;
    this.accountAndAddress = {
      name: 'account-and-address',
      limit: FAILURES_PER_ACCOUNT_AND_ADDRESS,
      failures: new WindowFailures(
        limiter('failed-pair', FAILURES_PER_ACCOUNT_AND_ADDRESS, limits.FAILURE_WINDOW_S),
      ),
      holds: holds('held-pair', FAILURES_PER_ACCOUNT_AND_ADDRESS),
    };
    this.account = {
      name: 'account',
      limit: FAILURES_PER_ACCOUNT,
      failures: new PostgresBucket(limiter('failed-account', FAILURES_PER_ACCOUNT, 0), database),
      holds: holds('held-account', FAILURES_PER_ACCOUNT),
    };
    this.address = {
      name: 'address',
      limit: FAILURES_PER_ADDRESS,
      failures: new WindowFailures(limiter('failed-address', FAILURES_PER_ADDRESS, limits.FAILURE_WINDOW_S)),
      holds: holds('held-address', FAILURES_PER_ADDRESS),
    };
    this.registrations = limiter(
      'registration',
      limits.REGISTRATIONS_PER_ADDRESS,
      limits.REGISTRATION_WINDOW_S,
    );
  }
}
