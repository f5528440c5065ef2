import type { RateLimiterMemory } from 'rate-limiter-flexible';
import { bucketUsage } from './bucket-usage.js';
import { ACCOUNT_REFILL_MS } from './limits.js';
import type { Failures, Usage } from './throttle-store.js';

/** The bucket of an account in this process, as the expiry of a record in the library's memory. */
export class MemoryBucket implements Failures {
  private lastAddition: Promise<void> = Promise.resolve();

  constructor(private readonly limiter: RateLimiterMemory) {}

  async read(key: string): Promise<Usage> {
    return bucketUsage(await this.limiter.get(key));
  }

  /** One after the other: the library gives and sets an expiry, but has nothing that moves it. */
  async add(key: string): Promise<void> {
    this.lastAddition = this.lastAddition.then(() => this.moveExpiry(key));
    await this.lastAddition;
  }

  private async moveExpiry(key: string): Promise<void> {
    const msUntilFull = Math.max(0, (await this.limiter.get(key))?.msBeforeNext ?? 0);
    await this.limiter.set(key, 1, (msUntilFull + ACCOUNT_REFILL_MS) / 1000);
  }
}
