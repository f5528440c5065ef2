import { Logger } from '@nestjs/common';
import { ServiceUnavailable } from '../common/failures.js';
import { MOST_WAITERS, PATIENCE_MS } from './limits.js';
import type { Budget, Hold } from './throttle-store.js';

/** A place inside; `leave` gives it back, after its failure, if it was one, has been added. Never rejects. */
export interface Entry {
  leave(): Promise<void>;
}

interface Waiter {
  readonly joinedAt: number;
  readonly resolve: (entry: Entry | 'full') => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The way in to one budget of one key: first come, first served, as long as settled failures and attempts under way
 * together stay within the limit; the others wait until attempts are settled or failures have filled the budget.
 */
export class Gate {
  private readonly logger = new Logger('Throttle');
  private readonly waiters: Waiter[] = [];
  private inside = 0;
  private admitting = false;
  /** How often attempts of this process were settled, and when last (milliseconds, monotonic). */
  private settlements = 0;
  private movedAt = 0;
  private wake: () => void = () => undefined;

  /** @param pollMs see `ThrottleStore.pollMs` */
  constructor(
    private readonly budget: Budget,
    private readonly key: string,
    private readonly pollMs: number | undefined,
    private readonly onIdle: () => void,
  ) {}

  /**
   * @returns 'full' once failures alone have filled the budget
   * @throws ServiceUnavailable when too many wait, or nothing was settled for `PATIENCE_MS`
   */
  async enter(): Promise<Entry | 'full'> {
    if (this.waiters.length >= MOST_WAITERS) {
      throw new ServiceUnavailable({
        reason: 'throttle-queue',
        detail: `Too many wait for the budget by ${this.budget.name}.`,
      });
    }
    return await new Promise((resolve, reject) => {
      this.waiters.push({ joinedAt: performance.now(), resolve, reject });
      if (!this.admitting) void this.admit();
    });
  }

  /** Lets the waiting in, one after the other; settles each of them, so that it never rejects itself. */
  private async admit(): Promise<void> {
    this.admitting = true;
    for (let first = this.waiters[0]; first !== undefined; first = this.waiters[0]) {
      const settlements = this.settlements;
      try {
        const answer = await this.tryHold();
        if (answer === 'full') {
          for (const waiter of this.waiters.splice(0)) waiter.resolve('full');
        } else if (answer !== 'wait') {
          this.waiters.shift();
          this.inside += 1;
          this.movedAt = performance.now();
          first.resolve(this.entry(answer));
        } else if (settlements === this.settlements) {
          await this.pause(first);
        }
      } catch (error) {
        this.waiters.shift();
        first.reject(error);
      }
    }
    this.admitting = false;
    this.reportIdle();
  }

  private async tryHold(): Promise<Hold | 'full' | 'wait'> {
    const hold = await this.budget.holds.take(this.key);
    try {
      const { used } = await this.budget.failures.read(this.key);
      if (used + hold.held <= this.budget.limit) return hold;
      await hold.release();
      return used + 1 > this.budget.limit ? 'full' : 'wait';
    } catch (error) {
      await this.release(hold);
      throw error;
    }
  }

  /**
   * Until an attempt is settled. Where other processes settle too, nobody is told: all look again at odd moments, this
   * process no sooner for its own settlements, so that each has the same chance at a free place.
   * @throws ServiceUnavailable when the waiter's patience is at its end
   */
  private async pause(waiter: Waiter): Promise<void> {
    const left = Math.max(waiter.joinedAt, this.movedAt) + PATIENCE_MS - performance.now();
    if (left <= 0) {
      throw new ServiceUnavailable({
        reason: 'throttle-queue',
        detail: `No attempt under the budget by ${this.budget.name} was settled for ${PATIENCE_MS} ms.`,
      });
    }
    const poll = this.pollMs === undefined ? Infinity : this.pollMs * (0.5 + Math.random());
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.ceil(Math.min(left, poll))).unref();
      if (this.pollMs === undefined) {
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }
    });
  }

  private entry(hold: Hold): Entry {
    return {
      leave: async () => {
        await this.release(hold);
        this.inside -= 1;
        this.settlements += 1;
        this.movedAt = performance.now();
        this.wake();
        this.reportIdle();
      },
    };
  }

  /** A hold that cannot be given back has the store forget it in time; the attempt itself is over either way. */
  private async release(hold: Hold): Promise<void> {
    try {
      await hold.release();
    } catch (error) {
      this.logger.warn(
        `A hold on the budget by ${this.budget.name} stays until it expires: ${String(error)}`,
      );
    }
  }

  private reportIdle(): void {
    if (this.inside === 0 && !this.admitting) this.onIdle();
  }
}
