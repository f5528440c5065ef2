import { jest } from '@jest/globals';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { HOLD_LIFETIME_S, SharedHolds } from './shared-holds.js';

const MINUTE = 60_000;
const SLICE_START = 1_800_000_000_000;

describe('SharedHolds', () => {
  let now: number;
  let one: SharedHolds;
  let other: SharedHolds;

  beforeEach(() => {
    now = SLICE_START + 2 * MINUTE;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const store = new RateLimiterMemory({ points: 10, duration: HOLD_LIFETIME_S });
    one = new SharedHolds(store);
    other = new SharedHolds(store);
  });
  afterEach(() => jest.restoreAllMocks());

  it('counts what every instance holds, until it is released', async () => {
    const first = await one.take('key');
    const second = await other.take('key');
    expect([first.held, second.held]).toEqual([1, 2]);
    expect((await other.take('another key')).held).toBe(1);
    await first.release();
    expect((await one.take('key')).held).toBe(2);
  });

  it('counts attempts that began shortly before a slice of time did', async () => {
    now = SLICE_START + 5 * MINUTE - 1;
    const before = await one.take('key');
    now += 1;
    expect((await other.take('key')).held).toBe(2);
    await before.release();
    expect((await other.take('key')).held).toBe(2);
  });

  it('forgets the attempts of an instance that crashed', async () => {
    for (let n = 0; n < 10; n += 1) await one.take('key');
    expect((await other.take('key')).held).toBe(11);
    now = SLICE_START + 6 * MINUTE;
    expect((await other.take('key')).held).toBe(1);
  });
});
