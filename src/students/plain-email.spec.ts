import { isEmail } from 'class-validator';
import fc from 'fast-check';
import { loginKey } from '../common/login-key.js';
import { isPlainEmail } from './plain-email.js';

describe('isPlainEmail', () => {
  it('says yes only to addresses that are valid by the thorough rules, and their own keys', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,9}$/);
    const joined = (separators: string) =>
      fc
        .array(fc.tuple(label, fc.constantFrom(...separators)), { minLength: 1, maxLength: 4 })
        .map((parts) => parts.flat().slice(0, -1).join(''));
    const address = fc
      .tuple(joined('._-+'), joined('.-_'), fc.stringMatching(/^[a-z]{2,6}$/))
      .map(([local, domain, top]) => `${local}@${domain}.${top}`);
    let plain = 0;
    fc.assert(
      fc.property(address, (email) => {
        if (!isPlainEmail(email)) return;
        plain += 1;
        expect([email, isEmail(email), loginKey(email)]).toEqual([email, true, email]);
      }),
      { numRuns: 2_000 },
    );
    expect(plain).toBeGreaterThan(50);
  });

  it.each([
    'Kim@x.org',
    'kim@x',
    'kim.@x.org',
    '.kim@x.org',
    'k..m@x.org',
    'kim@-x.org',
    'kim@x.o1',
    'ki m@x.org',
    `${'k'.repeat(60)}@x.org`,
  ])('leaves %s to the thorough look', (email) => expect(isPlainEmail(email)).toBe(false));
});
