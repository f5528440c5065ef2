import type { RateLimiterRes } from 'rate-limiter-flexible';
import { ACCOUNT_REFILL_MS, FAILURES_PER_ACCOUNT } from './limits.js';
import type { Usage } from './throttle-store.js';

/**
 * The token bucket as the generic cell rate algorithm has it (ITU-T I.371): all that is kept is the time at which the
 * bucket will be full again, each failure moves it one refill interval further, and it is the record's expiry.
 * @param record whose `msBeforeNext` is the time until then; null when the bucket is full
 */
export function bucketUsage(record: RateLimiterRes | null): Usage {
  const used = Math.max(0, record?.msBeforeNext ?? 0) / ACCOUNT_REFILL_MS;
  const missing = used + 1 - FAILURES_PER_ACCOUNT;
  return { used, freeInMs: Math.max(0, missing * ACCOUNT_REFILL_MS) };
}
