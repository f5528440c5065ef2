import { jest } from '@jest/globals';
import type { Options } from '@node-rs/argon2';
import type { CheckJob, PasswordCheck } from './password-job.js';
import { ARGON2_OPTIONS, parseStoredHash } from './stored-hash.js';

// The real library, with each run counted by its memory cost: what a check costs is its runs, not a clock.
const runs: string[] = [];
const real = await import('@node-rs/argon2');
jest.unstable_mockModule('@node-rs/argon2', () => ({
  hashSync: (password: string, options: Options) => {
    runs.push(`hash m=${options.memoryCost}`);
    return real.hashSync(password, options);
  },
  verifySync: (hash: string, password: string) => {
    runs.push(`verify m=${/m=(\d+)/.exec(hash)?.[1]}`);
    return real.verifySync(hash, password);
  },
}));
const { work } = await import('./password-worker.js');

const CURRENT = real.hashSync('right', ARGON2_OPTIONS);
const DUMMY = real.hashSync('nobody', ARGON2_OPTIONS);
const SHA256_1234 =
  'sha256$EBzbyAgwmvbcQJQK$bf0f879995d3f997964ade5b00fce9d81d68e6589f7c812937b30671a58d767b';
const CHEAP_ARGON2 =
  '$argon2id$v=19$m=8,t=1,p=1$hHqtK053eBE8f2zgsaZq2w$Ace4CnB0t3slAVgL6eya0KuQB6+zOqlzy1qEyFUvHCI';

function check(password: string, hash: string | undefined): PasswordCheck {
  const parsed = hash === undefined ? undefined : parseStoredHash(hash);
  const stored: CheckJob['stored'] = parsed && 'problem' in parsed ? undefined : parsed;
  return work({ kind: 'check', password, stored, argon2: ARGON2_OPTIONS, dummy: DUMMY })
    .result as PasswordCheck;
}

describe('the cost of a check', () => {
  beforeEach(() => {
    runs.length = 0;
  });

  it.each([
    ['a right password', 'right', CURRENT, true],
    ['a wrong password', 'wrong', CURRENT, false],
    ['an unknown user', 'right', undefined, false],
    ["the dummy's own password", 'nobody', undefined, false],
    ['a broken hash', 'right', 'not-a-werkzeug-hash', false],
    ['a hash of an unknown method', 'right', `whirlpool$s$00`, false],
    ['a plain password', '1234', 'plain$$1234', false],
    ['a hash too costly to run', 'right', `pbkdf2:sha1:999999999$s$${'0'.repeat(40)}`, false],
    ['an imported hash and a wrong password', '12345', SHA256_1234, false],
  ])('is one argon2 verification for %s', (_case, password, hash, matches) => {
    expect(check(password, hash)).toEqual({ matches });
    expect(runs).toEqual(['verify m=19456']);
  });

  it('is one argon2 hash, the upgraded one, for an imported hash and the right password', () => {
    const { matches, upgraded } = check('1234', SHA256_1234);
    expect(matches).toBe(true);
    expect(runs).toEqual(['hash m=19456']);
    expect(real.verifySync(upgraded ?? '', '1234')).toBe(true);
  });

  it('includes that of today for a cheaper argon2id hash', () => {
    expect(check('foreign', CHEAP_ARGON2).upgraded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(runs).toEqual(['verify m=8', 'hash m=19456']);
    runs.length = 0;
    expect(check('other', CHEAP_ARGON2)).toEqual({ matches: false });
    expect(runs).toEqual(['verify m=8', 'verify m=19456']);
  });

  it('is the dummy where the library refuses a hash that looked right', () => {
    // The last character of 43 carries two bits that must be zero.
    expect(check('right', `${CURRENT.slice(0, -1)}B`)).toEqual({ matches: false });
    expect(runs).toEqual(['verify m=19456', 'verify m=19456']);
  });
});
