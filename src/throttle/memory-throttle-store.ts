import { BoundedMemoryLimiter } from './bounded-memory-limiter.js';
import * as limits from './limits.js';
import { LocalHolds } from './local-holds.js';
import { MemoryBucket } from './memory-bucket.js';
import { ThrottleStore } from './throttle-store.js';
import { WindowFailures } from './window-failures.js';

/** Budgets of this process alone; they begin afresh with it. */
export class MemoryThrottleStore extends ThrottleStore {
  readonly accountAndAddress = {
    name: 'account-and-address' as const,
    limit: limits.FAILURES_PER_ACCOUNT_AND_ADDRESS,
    failures: new WindowFailures(
      new BoundedMemoryLimiter({
        keyPrefix: '',
        points: limits.FAILURES_PER_ACCOUNT_AND_ADDRESS,
        duration: limits.FAILURE_WINDOW_S,
      }),
    ),
    holds: new LocalHolds(),
  };

  readonly account = {
    name: 'account' as const,
    limit: limits.FAILURES_PER_ACCOUNT,
    failures: new MemoryBucket(
      new BoundedMemoryLimiter({ keyPrefix: '', points: limits.FAILURES_PER_ACCOUNT, duration: 0 }),
    ),
    holds: new LocalHolds(),
  };

  readonly address = {
    name: 'address' as const,
    limit: limits.FAILURES_PER_ADDRESS,
    failures: new WindowFailures(
      new BoundedMemoryLimiter({
        keyPrefix: '',
        points: limits.FAILURES_PER_ADDRESS,
        duration: limits.FAILURE_WINDOW_S,
      }),
    ),
    holds: new LocalHolds(),
  };

  readonly registrations = new BoundedMemoryLimiter({
    keyPrefix: '',
    points: limits.REGISTRATIONS_PER_ADDRESS,
    duration: limits.REGISTRATION_WINDOW_S,
  });

  readonly pollMs = undefined;
}
