import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { answered } from './answered.js';
import type { ClearableFailures, Usage } from './throttle-store.js';

/** Failures in a window that begins with the first of them, counted by a limiter of the library. */
export class WindowFailures implements ClearableFailures {
  constructor(private readonly limiter: RateLimiterAbstract) {}

  async read(key: string): Promise<Usage> {
    const record = await answered(this.limiter.get(key));
    // The memory limiter goes on giving a record between its expiry and the timer that removes it.
    if (record === null || record.msBeforeNext <= 0) return { used: 0, freeInMs: 0 };
    const full = record.consumedPoints >= this.limiter.points;
    return { used: record.consumedPoints, freeInMs: full ? record.msBeforeNext : 0 };
  }

  async add(key: string): Promise<void> {
    await answered(this.limiter.penalty(key));
  }

  async clear(key: string): Promise<void> {
    await answered(this.limiter.delete(key));
  }
}
