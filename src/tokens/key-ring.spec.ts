import { createHmac, type KeyObject } from 'node:crypto';
import { KeyFolder } from '../../test/support/key-folder.js';
import { testSettings } from '../../test/support/test-settings.js';
import type { JwtSettings } from '../config/settings.js';
import { KeyFileError } from './key-file.js';
import { KeyRing } from './key-ring.js';
import { InvalidToken } from './tokens.errors.js';

const SECRET = 'a secret of at least thirty-two bytes';
const PREVIOUS = 'the secret before, of thirty-two bytes';

function ringOf(jwt: Partial<JwtSettings>): KeyRing {
  const settings = testSettings({ kind: 'sqlite', file: 'unused' });
  return new KeyRing({ ...settings, jwt: { ...settings.jwt, secret: undefined, ...jwt } });
}

/** A token of a header alone, signed with a secret. */
function tokenOf(header: object, secret = SECRET): string {
  const input = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.e30`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

const secretOf = (key: KeyObject): string => key.export().toString();

describe('a ring of secrets', () => {
  const HS256 = { alg: 'HS256', typ: 'JWT' };

  it('signs with the secret, which has no name', () => {
    const { algorithm, key, kid } = ringOf({ secret: SECRET }).signingKey();
    expect([algorithm, secretOf(key), kid]).toEqual(['HS256', SECRET, undefined]);
  });

  it('has nothing to publish', () => {
    expect(ringOf({ secret: SECRET }).publicKeys()).toEqual([]);
  });

  it('verifies with the secret before where that has signed, else with the secret', () => {
    const ring = ringOf({ secret: SECRET, previousSecret: PREVIOUS });
    expect(secretOf(ring.keyFor(tokenOf(HS256)))).toBe(SECRET);
    expect(secretOf(ring.keyFor(tokenOf(HS256, PREVIOUS)))).toBe(PREVIOUS);
    expect(secretOf(ring.keyFor(tokenOf(HS256, 'neither')))).toBe(SECRET);
  });

  it.each(['none', 'HS384', 'HS512', 'ES256', 'RS256', 'hs256'])('has no key for %s', (alg) => {
    const ring = ringOf({ secret: SECRET, previousSecret: PREVIOUS });
    expect(ring.algorithms).toEqual(['HS256']);
    expect(() => ring.keyFor(tokenOf({ alg }))).toThrow(InvalidToken);
  });

  it('has no key for what is no token', () => {
    for (const token of ['', 'wrong', 'a.b.c', `${tokenOf(HS256)}=`])
      expect(() => ringOf({ secret: SECRET }).keyFor(token)).toThrow(InvalidToken);
  });
});

describe('a ring of key files', () => {
  let folder: KeyFolder;

  beforeEach(() => (folder = new KeyFolder()));
  afterEach(() => folder.drop());

  const ring = (jwt: Partial<JwtSettings> = {}): KeyRing =>
    ringOf({ algorithm: 'ES256', keysDir: folder.path, ...jwt });
  const jwkOf = (key: KeyObject): object => key.export({ format: 'jwk' });
  const kidOf = (keys: KeyRing, file: string): string =>
    keys.publicKeys().find((each) => each.file === file)?.kid ?? '';

  it('signs with the last by name that does not wait', () => {
    const [first, last] = [folder.add('2024.pem'), folder.add('2025.pem')];
    folder.add('2026.next.pem');
    const keys = ring();
    expect(jwkOf(keys.signingKey().key)).toEqual(jwkOf(last.privateKey));
    expect(keys.signingKey().kid).toBe(kidOf(keys, '2025.pem'));
    expect(jwkOf(keys.keyFor(tokenOf({ alg: 'ES256', kid: kidOf(keys, '2024.pem') })))).toEqual(
      jwkOf(first.publicKey),
    );
    expect(keys.publicKeys().map(({ file }) => file)).toEqual(['2024.pem', '2025.pem', '2026.next.pem']);
  });

  it('binds the algorithm to the key', () => {
    folder.add('one.pem');
    const keys = ring();
    const kid = kidOf(keys, 'one.pem');
    expect(keys.algorithms).toEqual(['ES256']);
    for (const alg of ['HS256', 'RS256', 'ES384', 'none'])
      expect(() => keys.keyFor(tokenOf({ alg, kid }))).toThrow(InvalidToken);
  });

  it('has no key for a token that names none, or another', () => {
    folder.add('one.pem');
    for (const kid of [undefined, '', 'one.pem', '../one'])
      expect(() => ring().keyFor(tokenOf({ alg: 'ES256', kid }))).toThrow(InvalidToken);
  });

  it('still verifies with the secret before, and never signs with it', () => {
    folder.add('one.pem');
    const keys = ring({ secret: SECRET, previousSecret: PREVIOUS });
    expect(keys.algorithms).toEqual(['ES256', 'HS256']);
    expect(keys.signingKey().algorithm).toBe('ES256');
    expect(secretOf(keys.keyFor(tokenOf({ alg: 'HS256' }, SECRET)))).toBe(PREVIOUS);
  });

  it('is read again on demand, and kept where the folder has become unusable', () => {
    folder.add('one.pem');
    const keys = ring();
    folder.add('two.pem');
    keys.reload();
    const signing = keys.signingKey().kid;
    expect(signing).toBe(kidOf(keys, 'two.pem'));
    folder.write('three.pem', 'not a key');
    expect(() => keys.reload()).toThrow(KeyFileError);
    expect(keys.signingKey().kid).toBe(signing);
  });

  it('needs a key that signs', () => {
    expect(() => ring()).toThrow('JWT_KEYS_DIR holds no key that signs');
    folder.add('one.next.pem');
    expect(() => ring()).toThrow('JWT_KEYS_DIR holds no key that signs');
  });
});
