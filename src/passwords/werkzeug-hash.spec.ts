import fc from 'fast-check';
import { WERKZEUG_HASHES } from '../../test/factories/werkzeug-hashes.js';
import { parseWerkzeugHash, werkzeugHashProblem } from './werkzeug-hash.js';

const SHA1 = '0'.repeat(40);
const SHA256 = '0'.repeat(64);
const SHA512 = '0'.repeat(128);

describe('a Werkzeug hash', () => {
  it.each(WERKZEUG_HASHES)('is taken over: $note', ({ hash }) => {
    expect(werkzeugHashProblem(hash)).toBeUndefined();
  });

  it('is read into its parts', () => {
    expect(parseWerkzeugHash(`sha1$Salt$${SHA1}`)).toEqual({
      kind: 'hmac',
      digest: 'sha1',
      salt: 'Salt',
      hex: SHA1,
    });
    expect(parseWerkzeugHash(`pbkdf2:sha512:1000$Salt$${SHA512}`)).toEqual({
      kind: 'pbkdf2',
      digest: 'sha512',
      iterations: [1000],
      salt: 'Salt',
      hex: SHA512,
    });
    expect(parseWerkzeugHash(`scrypt:16384:4:2$Salt$${SHA512}`)).toEqual({
      kind: 'scrypt',
      n: 16_384,
      r: 4,
      p: 2,
      salt: 'Salt',
      hex: SHA512,
    });
  });

  it('without its costs stands for those Werkzeug takes by default', () => {
    expect(parseWerkzeugHash(`scrypt$s$${SHA512}`)).toMatchObject({ n: 32_768, r: 8, p: 1 });
    expect(parseWerkzeugHash(`pbkdf2:sha1$s$${SHA1}`)).toMatchObject({
      digest: 'sha1',
      iterations: [1000, 50_000, 150_000, 260_000, 600_000],
    });
    expect(parseWerkzeugHash(`pbkdf2$s$${SHA256}`)).toMatchObject({ digest: 'sha256' });
  });

  it.each([
    'not-a-werkzeug-hash',
    '',
    '$',
    'sha256$only-two',
    `sha256$$${SHA256}`,
    `sha256$s$${SHA1}`,
    `sha256$s$${'g'.repeat(64)}`,
    `sha256$s$${SHA256}$more`,
    `sha256$s$${SHA256}\n`,
    `sha256:1$s$${SHA256}`,
    `pbkdf2:sha256:$s$${SHA256}`,
    `pbkdf2:sha256:0$s$${SHA256}`,
    `pbkdf2:sha256:-1$s$${SHA256}`,
    `pbkdf2:sha256:1e3$s$${SHA256}`,
    `pbkdf2:sha256:1000:1$s$${SHA256}`,
    `pbkdf2:sha256:1000$$${SHA256}`,
    `scrypt:32768:8$s$${SHA512}`,
    `scrypt:32768:8:1:1$s$${SHA512}`,
    `scrypt:1000:8:1$s$${SHA512}`,
    `scrypt:1:8:1$s$${SHA512}`,
    `scrypt:32768:8:1$s$${SHA256}`,
    `sha256$${'s'.repeat(2000)}$${SHA256}`,
  ])('that is broken is said to be malformed: %j', (hash) => {
    expect(werkzeugHashProblem(hash)).toBe('the password hash is malformed');
  });

  it.each([
    `whirlpool$s$${SHA512}`,
    `pbkdf2:blake2b:1000$s$${SHA512}`,
    `toString$s$${SHA1}`,
    `__proto__$s$${SHA1}`,
    'argon2$s$0',
    '$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$',
  ])('of a method we do not run is said to be unknown: %s', (hash) => {
    expect(werkzeugHashProblem(hash)).toBe('the method of the password hash is unknown');
  });

  it('that is no hash, or md5, is refused', () => {
    expect(werkzeugHashProblem('plain$$1234')).toBe('the password is stored in plain text');
    expect(werkzeugHashProblem(`md5$s$${'0'.repeat(32)}`)).toBe('the password hash is md5');
    expect(werkzeugHashProblem(`pbkdf2:md5:1000$s$${'0'.repeat(32)}`)).toBe('the password hash is md5');
  });

  it.each([
    [`pbkdf2:sha256:3200000$s$${SHA256}`, `pbkdf2:sha256:3200001$s$${SHA256}`],
    [`pbkdf2:sha512:1000000$s$${SHA512}`, `pbkdf2:sha512:1100000$s$${SHA512}`],
    [`scrypt:131072:8:1$s$${SHA512}`, `scrypt:262144:8:1$s$${SHA512}`],
    [`scrypt:2:1:16$s$${SHA512}`, `scrypt:2:1:17$s$${SHA512}`],
    [`scrypt:1048576:1:1$s$${SHA512}`, `scrypt:2097152:1:1$s$${SHA512}`],
    [`scrypt:2:524288:1$s$${SHA512}`, `scrypt:2:524289:1$s$${SHA512}`],
    [`scrypt:2:8:1$s$${SHA512}`, `scrypt:1099511627776:999999999999999:1$s$${SHA512}`],
  ])('may cost %s, but not %s', (allowed, refused) => {
    expect(werkzeugHashProblem(allowed)).toBeUndefined();
    expect(werkzeugHashProblem(refused)).toBe('the password hash is too costly to check');
  });

  it('is read, whatever the text, without a throw', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('$', ':', 'scrypt', 'pbkdf2', 'sha256', '8', SHA256));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 9 }), (parts) => {
        const problem = werkzeugHashProblem(parts.join(''));
        expect(['string', 'undefined']).toContain(typeof problem);
      }),
    );
  });
});
