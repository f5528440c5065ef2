import { jest } from '@jest/globals';
import { TooManyAttempts } from '../common/failures.js';
import { testSettings } from '../../test/support/test-settings.js';
import { MemoryThrottleStore } from './memory-throttle-store.js';
import { RegistrationThrottle } from './registration-throttle.js';

const START = 1_800_000_000_000;
const sqlite = { kind: 'sqlite', file: ':memory:' } as const;

function admitMany(throttle: RegistrationThrottle, times: number, ip: string): Promise<unknown[]> {
  return Promise.all(
    Array.from({ length: times }, () => throttle.admit(ip).catch((error: unknown) => error)),
  );
}

describe('RegistrationThrottle', () => {
  let now: number;

  beforeEach(() => {
    now = START;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
  });
  afterEach(() => jest.restoreAllMocks());

  it('admits 30 at once from one address and refuses the next, saying when the minute is over', async () => {
    const throttle = new RegistrationThrottle(testSettings(sqlite), new MemoryThrottleStore());
    expect(await admitMany(throttle, 30, '203.0.113.7')).toEqual(Array(30).fill(undefined));

    now += 20_000;
    const [refusal] = await admitMany(throttle, 1, '203.0.113.7');
    expect(refusal).toBeInstanceOf(TooManyAttempts);
    expect(refusal).toMatchObject({ headers: { 'retry-after': '40' } });
    await expect(throttle.admit('203.0.113.8')).resolves.toBeUndefined();
  });

  it('admits again after the minute, however many were refused in it', async () => {
    const throttle = new RegistrationThrottle(testSettings(sqlite), new MemoryThrottleStore());
    await admitMany(throttle, 100, '2001:db8::1');
    await expect(throttle.admit('2001:db8::2')).rejects.toBeInstanceOf(TooManyAttempts);

    now += 60_000;
    await expect(throttle.admit('2001:db8::2')).resolves.toBeUndefined();
  });

  it('admits everybody when throttling is off', async () => {
    const throttle = new RegistrationThrottle(
      testSettings(sqlite, { throttle: false }),
      new MemoryThrottleStore(),
    );
    expect(await admitMany(throttle, 100, '203.0.113.7')).toEqual(Array(100).fill(undefined));
  });
});
