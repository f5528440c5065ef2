import { jest } from '@jest/globals';
import { LoginAttempts, tally } from '../../test/support/login-attempts.js';
import { testSettings } from '../../test/support/test-settings.js';
import { LoginThrottle } from './login-throttle.js';
import { MemoryThrottleStore } from './memory-throttle-store.js';

const START = 1_800_000_000_000;
const MINUTE = 60_000;
const settings = testSettings({ kind: 'sqlite', file: ':memory:' });
const here = '203.0.113.7';
/** A different address for every number. */
const elsewhere = (n: number): string => `198.51.${Math.floor(n / 256)}.${n % 256}`;

describe('LoginThrottle', () => {
  let now: number;
  let throttle: LoginThrottle;
  let attempts: LoginAttempts;

  beforeEach(() => {
    now = START;
    // The library's windows run by Date.now(): this is how a test moves them.
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    throttle = new LoginThrottle(settings, new MemoryThrottleStore());
    attempts = new LoginAttempts(throttle);
  });
  afterEach(() => jest.restoreAllMocks());

  async function failFromElsewhere(times: number, account = 'id:1'): Promise<void> {
    for (let n = 0; n < times; n += 1) {
      expect(await attempts.one(false, { account, ip: elsewhere(n) })).toBe('wrong');
    }
  }

  describe('for one account from one address', () => {
    it('refuses after 10 failures, without a check, until 15 minutes after the first', async () => {
      expect(await attempts.one(false)).toBe('wrong');
      now += 5 * MINUTE + 500;
      expect(tally(await attempts.atOnce(9, false))).toEqual({ wrong: 9 });

      expect(await attempts.one(true)).toBe('429 600');
      expect(attempts.checked).toHaveLength(10);
      now = START + 15 * MINUTE - 1;
      expect(await attempts.one(true)).toBe('429 1');
      now = START + 15 * MINUTE;
      expect(await attempts.one(true)).toBe('right');
    });

    it('does not count what it refused', async () => {
      await attempts.atOnce(10, false);
      await attempts.atOnce(200, false);
      expect(await attempts.one(true, { ip: elsewhere(1) })).toBe('right');
      expect(await attempts.one(true, { account: 'id:2' })).toBe('right');
    });

    it('leaves other accounts and other addresses alone', async () => {
      await attempts.atOnce(10, false);
      expect(await attempts.one(true, { account: 'id:2' })).toBe('right');
      expect(await attempts.one(true, { ip: elsewhere(1) })).toBe('right');
    });

    it('counts the addresses of one /64 together', async () => {
      for (let n = 1; n <= 10; n += 1) await attempts.one(false, { ip: `2001:db8:1:2::${n}` });
      expect(await attempts.one(true, { ip: '2001:db8:1:2:ffff::1' })).toBe('429 900');
      expect(await attempts.one(true, { ip: '2001:db8:1:3::1' })).toBe('right');
    });

    it('begins afresh with a success, which is never counted', async () => {
      for (let round = 0; round < 3; round += 1) {
        expect(tally(await attempts.atOnce(9, false))).toEqual({ wrong: 9 });
        expect(await attempts.one(true)).toBe('right');
      }
      expect(tally(await attempts.atOnce(10, false))).toEqual({ wrong: 10 });
      expect(await attempts.one(true)).toBe('429 900');
    });

    it('keeps names of any length apart, and takes any text', async () => {
      const long = 'n'.repeat(1_000_000);
      await attempts.atOnce(10, false, { account: `${long}a` });
      expect(await attempts.one(true, { account: `${long}a` })).toBe('429 900');
      expect(await attempts.one(true, { account: `${long}b` })).toBe('right');
      expect(await attempts.one(true, { account: '' })).toBe('right');
    });
  });

  describe('for one address', () => {
    it('refuses every account after 100 failures, until 15 minutes after the first', async () => {
      for (let n = 0; n < 100; n += 1) await attempts.one(false, { account: `name:${n}` });
      now += 3 * MINUTE;
      expect(await attempts.one(true, { account: 'id:7' })).toBe('429 720');
      expect(await attempts.one(true, { account: 'id:7', ip: elsewhere(1) })).toBe('right');
      now += 12 * MINUTE;
      expect(await attempts.one(true, { account: 'id:7' })).toBe('right');
    });

    it('is not emptied by a success', async () => {
      for (let n = 0; n < 99; n += 1) await attempts.one(false, { account: `name:${n}` });
      expect(await attempts.one(true, { account: 'id:7' })).toBe('right');
      expect(await attempts.one(false, { account: 'name:99' })).toBe('wrong');
      expect(await attempts.one(true, { account: 'id:7' })).toBe('429 900');
    });

    it('lets an account in that is known there, and counts its failures for itself only', async () => {
      for (let n = 0; n < 95; n += 1) await attempts.one(false, { account: `name:${n}` });
      await attempts.atOnce(10, false, { account: 'id:7', knownAddress: true });
      for (let n = 95; n < 100; n += 1)
        expect(await attempts.one(false, { account: `name:${n}` })).toBe('wrong');

      expect(await attempts.one(true, { account: 'id:8' })).toBe('429 900');
      expect(await attempts.one(true, { account: 'id:8', knownAddress: true })).toBe('right');
      expect(await attempts.one(true, { account: 'id:7', knownAddress: true })).toBe('429 900');
    });
  });

  describe('for one account from everywhere', () => {
    it('refuses after 100 failures and gives one back every 12 minutes', async () => {
      await failFromElsewhere(100);
      expect(await attempts.one(true)).toBe('429 720');
      now += 12 * MINUTE - 1;
      expect(await attempts.one(true)).toBe('429 1');
      now += 1;
      expect(await attempts.one(false)).toBe('wrong');
      expect(await attempts.one(true)).toBe('429 720');
      expect(await attempts.one(true, { account: 'id:2' })).toBe('right');
    });

    it('refills without a pause, and to no more than 100', async () => {
      await failFromElsewhere(100);
      now += 60 * MINUTE;
      await failFromElsewhere(5);
      expect(await attempts.one(true)).toBe('429 720');
      now += 30 * 24 * 60 * MINUTE;
      await failFromElsewhere(100);
      expect(await attempts.one(true)).toBe('429 720');
    });

    it('is not emptied by a success', async () => {
      await failFromElsewhere(99);
      expect(await attempts.one(true)).toBe('right');
      expect(await attempts.one(false)).toBe('wrong');
      expect(await attempts.one(true)).toBe('429 720');
    });

    it('lets its owner in from a known address', async () => {
      await failFromElsewhere(100);
      expect(await attempts.one(true, { ip: here, knownAddress: true })).toBe('right');
      expect(await attempts.one(true, { ip: here, knownAddress: false })).toBe('429 720');
    });
  });

  it('says when the last of several full budgets has room again', async () => {
    await failFromElsewhere(90);
    now += 3 * MINUTE;
    await attempts.atOnce(10, false);
    // The account has its next token in 12 - 3 minutes (its bucket had 10.25), the pair waits for 15.
    expect(await attempts.one(true)).toBe('429 900');
  });

  it('counts nothing when the check itself fails, and passes its error on', async () => {
    const broken = new Error('no answer from the database');
    const attempt = { account: 'id:1', ip: here, knownAddress: false };
    for (let n = 0; n < 120; n += 1) {
      await expect(throttle.attempt(attempt, () => Promise.reject(broken))).rejects.toBe(broken);
    }
    expect(await attempts.one(true)).toBe('right');
  });

  it('hands on what the check resolves to', async () => {
    const attempt = { account: 'id:1', ip: here, knownAddress: false };
    const student = { id: 1 };
    expect(await throttle.attempt(attempt, () => Promise.resolve({ passed: true, value: student }))).toBe(
      student,
    );
  });

  it('neither counts nor waits when throttling is off', async () => {
    const off = new LoginThrottle({ ...settings, throttle: false }, new MemoryThrottleStore());
    const free = new LoginAttempts(off);
    expect(tally(await free.atOnce(200, false))).toEqual({ wrong: 200 });
    expect(free.mostUnderWay).toBe(200);
  });
});
