import { Clock } from '../../src/common/clock.js';

/** A clock that moves only when a test says so. Starts at a whole second, as tokens count in seconds. */
export class FrozenClock extends Clock {
  private ms = Math.floor(Date.now() / 1000) * 1000;

  now(): number {
    return this.ms;
  }

  /** @param ms milliseconds */
  advance(ms: number): void {
    this.ms += ms;
  }
}
