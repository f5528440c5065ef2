import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JwtService } from '@nestjs/jwt';
import { testSettings } from '../../test/support/test-settings.js';
import { SystemClock } from '../common/clock.js';
import { AccessTokens } from './access-tokens.js';
import { KeyRing } from './key-ring.js';
import { readTokenHeader } from './token-header.js';
import { InvalidToken } from './tokens.errors.js';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

interface Group {
  readonly comment: string;
  readonly private?: JsonWebKey & { readonly alg?: string };
  readonly public?: JsonWebKey & { readonly alg?: string };
  readonly tests: readonly Vector[];
}

const FILE = join(import.meta.dirname, '../../test/vectors/wycheproof/json_web_signature_test.json');
const { testGroups } = JSON.parse(readFileSync(FILE, 'utf8')) as { testGroups: Group[] };
const OURS = ['HS256', 'ES256', 'RS256'] as const;

/** Whether a token passes what we check before its claims: its form, its algorithm bound to the key, its signature. */
function isSignedBy(key: KeyObject, algorithm: (typeof OURS)[number], token: string): boolean {
  if (readTokenHeader(token)?.alg !== algorithm) return false;
  const jwt = new JwtService({ secretOrKeyProvider: () => key });
  try {
    jwt.verify(token, { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
}

function keyOf(group: Group): KeyObject {
  if (group.public) return createPublicKey({ key: group.public, format: 'jwk' });
  return createSecretKey(Buffer.from(group.private?.k ?? '', 'base64url'));
}

const groups = testGroups.flatMap((group) => {
  const algorithm = OURS.find((each) => each === (group.public ?? group.private)?.alg);
  return algorithm === undefined ? [] : [{ group, algorithm }];
});

describe("Wycheproof's JSON Web Signatures", () => {
  const vectors = groups.flatMap(({ group, algorithm }) =>
    group.tests.map((test) => ({ ...test, group, algorithm, key: keyOf(group) })),
  );

  // 367 and 370 are, letter for letter, 357, which is valid: the padding they are about was lost in the file.
  const valid = new Set(vectors.filter(({ result }) => result === 'valid').map(({ jws }) => jws));

  it.each(vectors.filter(({ result, jws }) => result === 'invalid' && !valid.has(jws)))(
    'refuses $tcId ($algorithm: $comment)',
    ({ key, algorithm, jws }) => expect(isSignedBy(key, algorithm, jws)).toBe(false),
  );

  it.each(vectors.filter(({ result, jws }) => result === 'valid' && saysJwtOrNothing(jws)))(
    'takes $tcId ($algorithm: $comment)',
    ({ key, algorithm, jws }) => expect(isSignedBy(key, algorithm, jws)).toBe(true),
  );

  it('takes none of them for an access token, not even under its own secret', () => {
    for (const { private: secret, tests } of testGroups) {
      const settings = testSettings({ kind: 'sqlite', file: 'unused' });
      const jwt = {
        ...settings.jwt,
        secret: Buffer.from(secret?.k ?? 'none', 'base64url').toString('latin1'),
      };
      const keys = new KeyRing({ ...settings, jwt });
      const service = new JwtService({
        secretOrKeyProvider: (_request, token) => keys.keyFor(token as string),
      });
      const tokens = new AccessTokens(service, keys, settings, new SystemClock());
      for (const { jws } of tests) expect(() => tokens.verify(jws)).toThrow(InvalidToken);
    }
  });
});

/** Signed well, but of another `typ`, or with an empty payload, which no token of ours has: refused before the signature. */
function saysJwtOrNothing(jws: string): boolean {
  return readTokenHeader(jws) !== undefined;
}
