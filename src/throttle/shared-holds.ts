import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import { answered } from './answered.js';
import type { Hold, Holds } from './throttle-store.js';

/** Holds are counted by slices of time, so that those of an instance that crashed are forgotten with their slice. */
const SLICE_MS = 5 * 60_000;
/** No attempt takes longer: for this long into a slice the holds of the one before count too. */
const LONGEST_ATTEMPT_MS = 60_000;
/** A slice's record lives from its first hold until nobody reads it any more. */
export const HOLD_LIFETIME_S = (2 * SLICE_MS) / 1000;

/** Attempts under way on all instances. */
export class SharedHolds implements Holds {
  /** @param limiter a limiter of the library with a lifetime of `HOLD_LIFETIME_S` and no limit of its own */
  constructor(private readonly limiter: RateLimiterAbstract) {}

  async take(key: string): Promise<Hold> {
    const now = Date.now();
    const slice = Math.floor(now / SLICE_MS);
    const sliceKey = `${key}#${slice}`;
    const { consumedPoints } = await answered(this.limiter.penalty(sliceKey));
    const release = async (): Promise<void> => {
      await answered(this.limiter.reward(sliceKey));
    };
    if (now % SLICE_MS >= LONGEST_ATTEMPT_MS) return { held: consumedPoints, release };
    const before = await answered(this.limiter.get(`${key}#${slice - 1}`));
    return { held: consumedPoints + Math.max(0, before?.consumedPoints ?? 0), release };
  }
}
