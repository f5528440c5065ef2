import { readTokenHeader } from './token-header.js';

const encode = (text: string): string => Buffer.from(text).toString('base64url');
const withHeader = (header: unknown): string => `${encode(JSON.stringify(header))}.e30.c2ln`;

describe('the header of a token', () => {
  it('is its algorithm and the name of its key', () => {
    expect(readTokenHeader(withHeader({ alg: 'HS256', typ: 'JWT' }))).toEqual({
      alg: 'HS256',
      kid: undefined,
    });
    expect(readTokenHeader(withHeader({ alg: 'ES256', kid: 'k' }))).toEqual({ alg: 'ES256', kid: 'k' });
  });

  it.each([
    ['has no typ', {}],
    ['writes typ in another case', { typ: 'jwt' }],
    ['names fields that say nothing to us', { cty: 'JWT', jku: 'https://example.org', jwk: {}, x5u: 'y' }],
  ])('is read where it %s', (_what, extra) => {
    expect(readTokenHeader(withHeader({ alg: 'HS256', ...extra }))?.alg).toBe('HS256');
  });

  it.each([
    ['another typ', { alg: 'HS256', typ: 'at+jwt' }],
    ['a typ that is no text', { alg: 'HS256', typ: 1 }],
    ['a typ of null', { alg: 'HS256', typ: null }],
    ['an unknown crit', { alg: 'HS256', crit: ['b64'], b64: false }],
    ['an empty crit', { alg: 'HS256', crit: [] }],
    ['a crit of null', { alg: 'HS256', crit: null }],
    ['no alg', { typ: 'JWT' }],
    ['an alg that is no text', { alg: 256 }],
    ['a kid that is no text', { alg: 'ES256', kid: 1 }],
    ['a kid of null', { alg: 'ES256', kid: null }],
    ['a list', ['HS256']],
    ['null', null],
    ['a text', 'HS256'],
  ])('is refused with %s', (_what, header) => {
    expect(readTokenHeader(withHeader(header))).toBeUndefined();
  });

  it('does not take what every object inherits for its own', () => {
    const token = `${encode('{"__proto__":{"alg":"HS256"}}')}.e30.c2ln`;
    expect(readTokenHeader(token)).toBeUndefined();
  });

  it.each([
    ['no parts', ''],
    ['two parts', `${encode('{"alg":"HS256"}')}.e30`],
    ['four parts', `${withHeader({ alg: 'HS256' })}.c2ln`],
    ['five parts, as an encrypted one has', `${withHeader({ alg: 'HS256' })}.c2ln.c2ln`],
    ['an empty header', '.e30.c2ln'],
    ['an empty payload', `${encode('{"alg":"HS256"}')}..c2ln`],
    ['an empty signature', `${encode('{"alg":"HS256"}')}.e30.`],
    ['padding', `${withHeader({ alg: 'HS256' })}=`],
    ['spare bits that are set', `${encode('{"alg":"HS256"}')}.e31.c2ln`],
    ['letters of plain base64', `${encode('{"alg":"HS256"}')}.e30.+/+/`],
    ['white space', `${encode('{"alg":"HS256"}')}.e30. c2ln`],
    ['a line break at its end', `${withHeader({ alg: 'HS256' })}\n`],
    ['a header that is no JSON', `${encode('{')}.e30.c2ln`],
    ['letters beyond ASCII', `${encode('{"alg":"HS256"}')}.é30.c2ln`],
  ])('is that of no token with %s', (_what, token) => {
    expect(readTokenHeader(token)).toBeUndefined();
  });
});
