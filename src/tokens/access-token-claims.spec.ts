import { readClaims } from './access-token-claims.js';

/** Milliseconds; claims count in seconds. */
const NOW = 1_700_000_000_000;
const CLAIMS = { public_id: 'p', sub: 'p', sid: 's', exp: NOW / 1000 + 1 };

const read = (changes: object): unknown => readClaims({ ...CLAIMS, ...changes }, NOW);

describe('the claims of a token', () => {
  it('say whom it is of and which session', () => {
    expect(read({})).toEqual({ publicId: 'p', sessionId: 's' });
    expect(read({ role: 'admin', extra: [1] })).toEqual({ publicId: 'p', sessionId: 's' });
  });

  it('hold until exp, and not at it', () => {
    expect(read({ exp: NOW / 1000 + 0.001 })).toBeDefined();
    expect(read({ exp: NOW / 1000 })).toBeUndefined();
    expect(read({ exp: NOW / 1000 - 1 })).toBeUndefined();
  });

  it.each([undefined, null, '1800000000', true, [1_800_000_000], NaN, Infinity])(
    'need exp as a number, not %p',
    (exp) => {
      expect(read({ exp })).toBeUndefined();
    },
  );

  it('hold from nbf on', () => {
    expect(read({ nbf: NOW / 1000 })).toBeDefined();
    expect(read({ nbf: NOW / 1000 + 1 })).toBeUndefined();
  });

  it.each([null, '0', false, [0], NaN])('take no nbf of %p', (nbf) => {
    expect(read({ nbf })).toBeUndefined();
  });

  it.each([
    { public_id: undefined },
    { public_id: 1, sub: 1 },
    { public_id: 'a\0b', sub: 'a\0b' },
    { sub: undefined },
    { sub: 'somebody else' },
    { sid: undefined },
    { sid: 7 },
    { sid: 'a\0b' },
    { sid: '\ud800' },
  ])('are refused with %j', (changes) => {
    expect(read(changes)).toBeUndefined();
  });

  it.each([undefined, null, 'text', 7, []])('are no %p', (payload) => {
    expect(readClaims(payload, NOW)).toBeUndefined();
  });
});
