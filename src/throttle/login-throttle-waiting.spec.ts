import { jest } from '@jest/globals';
import { LoginAttempts, tally } from '../../test/support/login-attempts.js';
import { testSettings } from '../../test/support/test-settings.js';
import { LoginThrottle } from './login-throttle.js';
import { MemoryThrottleStore } from './memory-throttle-store.js';

const settings = testSettings({ kind: 'sqlite', file: ':memory:' });

/** A check that ends when the test says so. */
function signal(): { reached: Promise<void>; give: () => void } {
  let give = (): void => undefined;
  const reached = new Promise<void>((resolve) => (give = resolve));
  return { reached, give };
}

describe('LoginThrottle, with attempts at once', () => {
  let attempts: LoginAttempts;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    attempts = new LoginAttempts(new LoginThrottle(settings, new MemoryThrottleStore()));
  });
  afterEach(() => jest.useRealTimers());

  /** Lets everything go on that waits for nothing but its turn. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  it('lets 200 right logins of one account through, at most 10 at a time', async () => {
    expect(tally(await attempts.atOnce(200, true))).toEqual({ right: 200 });
    expect(attempts.mostUnderWay).toBe(10);
  });

  it('checks 10 of 60 guesses and refuses the rest, the right one among them', async () => {
    const guesses = attempts.atOnce(59, false);
    const right = attempts.one(true);
    expect(tally(await guesses)).toEqual({ wrong: 10, '429 900': 49 });
    expect(await right).toBe('429 900');
    expect(attempts.checked).toHaveLength(10);
  });

  it('treats a name nobody has the same way', async () => {
    const unknown = new LoginAttempts(new LoginThrottle(settings, new MemoryThrottleStore()), {
      account: 'name:nobody',
    });
    expect(tally(await unknown.atOnce(60, false))).toEqual({ wrong: 10, '429 900': 50 });
  });

  it('checks 100 of 300 guesses from one address at many accounts', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, n) => attempts.one(false, { account: `name:${n}` })),
    );
    expect(tally(outcomes)).toEqual({ wrong: 100, '429 900': 200 });
    expect(attempts.mostUnderWay).toBe(100);
  });

  it('checks 100 of 300 guesses at one account from many addresses', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, n) => attempts.one(false, { ip: `10.0.${n >> 8}.${n & 255}` })),
    );
    expect(tally(outcomes)).toEqual({ wrong: 100, '429 720': 200 });
  });

  it('does not let the wait for one account hold up its whole address', async () => {
    const never = signal();
    const stuck = Array.from({ length: 150 }, () => attempts.one(true, {}, () => never.reached));
    await settle();
    expect(await attempts.one(true, { account: 'id:2' })).toBe('right');
    never.give();
    expect(tally(await Promise.all(stuck))).toEqual({ right: 150 });
  });

  it('lets them in by order of arrival, as those before them are settled', async () => {
    const entered: number[] = [];
    const ends = Array.from({ length: 14 }, signal);
    const all = ends.map((end, n) =>
      attempts.one(true, {}, () => {
        entered.push(n);
        return end.reached;
      }),
    );
    await settle();
    expect(entered).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    ends[5]?.give();
    await settle();
    ends[0]?.give();
    await settle();
    expect(entered.slice(10)).toEqual([10, 11]);
    for (const end of ends) end.give();
    await Promise.all(all);
    expect(entered).toEqual(ends.map((_end, n) => n));
  });

  it('refuses a waiting request as soon as failures have filled the budget', async () => {
    const end = signal();
    const guesses = Array.from({ length: 10 }, () => attempts.one(false, {}, () => end.reached));
    await settle();
    let outcome = 'waiting';
    const late = attempts.one(true).then((result) => (outcome = result));
    await settle();
    expect(outcome).toBe('waiting');
    end.give();
    await Promise.all(guesses);
    await late;
    expect(outcome).toBe('429 900');
  });

  it('gives the place of a check that failed by itself to the next', async () => {
    const broken = signal();
    const throttle = new LoginThrottle(settings, new MemoryThrottleStore());
    const attempt = { account: 'id:1', ip: '203.0.113.7', knownAddress: false };
    const failing = Array.from({ length: 10 }, () =>
      throttle.attempt(attempt, async () => {
        await broken.reached;
        throw new Error('the hash queue is full');
      }),
    );
    const late = new LoginAttempts(throttle).one(true);
    broken.give();
    const results = await Promise.allSettled(failing);
    expect(results.map((result) => result.status)).toEqual(Array(10).fill('rejected'));
    expect(await late).toBe('right');
  });

  it('waits for 5 seconds since the last attempt was settled, then answers 503', async () => {
    const ends = Array.from({ length: 10 }, signal);
    const first = ends.map((end) => attempts.one(true, {}, () => end.reached));
    await settle();
    const never = signal();
    const second = attempts.one(true, {}, () => never.reached);
    const third = attempts.one(true);
    let outcome = 'waiting';
    void third.then((result) => (outcome = result));
    await settle();

    await jest.advanceTimersByTimeAsync(4_000);
    ends[0]?.give();
    await settle();
    await jest.advanceTimersByTimeAsync(4_990);
    expect(outcome).toBe('waiting');
    await jest.advanceTimersByTimeAsync(20);
    await settle();
    expect(outcome).toBe('503 1');

    for (const end of ends) end.give();
    never.give();
    expect(tally(await Promise.all([...first, second]))).toEqual({ right: 11 });
  });

  it('lets at most 1,000 wait for one budget', async () => {
    const end = signal();
    const inside = Array.from({ length: 10 }, () => attempts.one(true, {}, () => end.reached));
    await settle();
    const waiting = attempts.atOnce(1_000, true);
    await settle();
    expect(await attempts.one(true)).toBe('503 1');
    expect(await attempts.one(true, { account: 'id:2' })).toBe('right');
    end.give();
    expect(tally(await Promise.all(inside))).toEqual({ right: 10 });
    expect(tally(await waiting)).toEqual({ right: 1_000 });
  });
});
