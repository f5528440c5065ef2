import { createHmac, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
} from 'jose';
import type { JwtSettings } from '../src/config/settings.js';
import { KeyRing } from '../src/tokens/key-ring.js';
import { Client } from './support/client.js';
import { KeyFolder, makeKey } from './support/key-folder.js';
import { startApp, type TestApp } from './support/start-app.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { TEST_SECRET } from './support/test-settings.js';

const EXPECTED = { issuer: 'student-auth', audience: 'student-auth' };
const INVALID = { message: 'Token is invalid!' };

const BASE: JwtSettings = {
  algorithm: 'HS256',
  secret: undefined,
  previousSecret: undefined,
  keysDir: undefined,
  ...EXPECTED,
};

let testDatabase: TestDatabase;
let test: TestApp | undefined;
let client: Client;
const folders: KeyFolder[] = [];

beforeEach(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  await test?.close();
  test = undefined;
  await testDatabase.drop();
  for (const folder of folders.splice(0)) folder.drop();
});

/** Starts the application, or starts it anew on the same database with other keys. */
async function start(jwt: Partial<JwtSettings>): Promise<TestApp> {
  const clock = test?.clock;
  await test?.close();
  test = await startApp({ throttle: false, jwt: { ...BASE, ...jwt } }, testDatabase, clock);
  client = new Client(test.url);
  return test;
}

function keyFolder(algorithm: 'ES256' | 'RS256' = 'ES256'): KeyFolder {
  const folder = new KeyFolder(algorithm);
  folders.push(folder);
  return folder;
}

async function jwks(): Promise<JSONWebKeySet> {
  return (await client.get('/.well-known/jwks.json')).json as JSONWebKeySet;
}

const isRecognised = async (token: string): Promise<boolean> =>
  (await client.get('/me', token)).status === 200;

async function expectRefused(token: string): Promise<void> {
  const answer = await client.get('/me', token);
  expect([answer.status, answer.json]).toEqual([401, INVALID]);
}

const kidOf = (token: string): string | undefined => decodeProtectedHeader(token).kid;
const thumbprintOf = (key: KeyObject): Promise<string> =>
  calculateJwkThumbprint(key.export({ format: 'jwk' }));

/** The token with another header, signed as the test likes. */
function resigned(token: string, header: object, sign: (input: string) => Buffer): string {
  const head = Buffer.from(JSON.stringify(header)).toString('base64url');
  const input = `${head}.${token.split('.')[1] ?? ''}`;
  return `${input}.${sign(input).toString('base64url')}`;
}

const hmac = (secret: string | Buffer) => (input: string) =>
  createHmac('sha256', secret).update(input).digest();

describe.each(['ES256', 'RS256'] as const)('with JWT_ALGORITHM=%s', (algorithm) => {
  const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

  it('signs with the key of the folder and names it by its RFC 7638 thumbprint', async () => {
    const folder = keyFolder(algorithm);
    const { publicKey } = folder.add('2026.pem');
    await start({ algorithm, keysDir: folder.path });
    const { token } = await client.join();
    expect(await isRecognised(token)).toBe(true);
    expect(decodeProtectedHeader(token)).toEqual({
      alg: algorithm,
      typ: 'JWT',
      kid: await thumbprintOf(publicKey),
    });
  });

  it('publishes every key, the waiting ones too, with public members alone, cacheable for 5 minutes', async () => {
    const folder = keyFolder(algorithm);
    const [signing, waiting] = [folder.add('2026.pem'), folder.add('2027.next.pem')];
    await start({ algorithm, keysDir: folder.path });
    const answer = await client.get('/.well-known/jwks.json');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    const { keys } = answer.json as JSONWebKeySet;
    expect(keys.map(({ kid }) => kid)).toEqual([
      await thumbprintOf(signing.publicKey),
      await thumbprintOf(waiting.publicKey),
    ]);
    for (const key of keys) {
      expect(key).toMatchObject({ use: 'sig', alg: algorithm });
      for (const member of privateMembers) expect(key).not.toHaveProperty(member);
    }
    expect(createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' }).equals(signing.publicKey)).toBe(
      true,
    );
  });

  it('lets a service that knows nothing but the address of the JWKS verify tokens', async () => {
    const folder = keyFolder(algorithm);
    folder.add('2026.pem');
    folder.add('2027.next.pem');
    const { url, clock } = await start({ algorithm, keysDir: folder.path });
    const { token, publicId } = await client.join();
    const remote = createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`));
    const options = { ...EXPECTED, algorithms: [algorithm], currentDate: new Date(clock.now()) };
    const { payload } = await jwtVerify(token, remote, options);
    expect(payload).toMatchObject({ public_id: publicId, sub: publicId, iss: 'student-auth' });
    await expect(jwtVerify(token, remote, { ...options, audience: 'another' })).rejects.toThrow();
    const [head, body, signature] = token.split('.') as [string, string, string];
    const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    await expect(jwtVerify(`${head}.${body}.${flipped}`, remote, options)).rejects.toThrow();
  });

  it('rotates: published first, signing later; the old token stays good until its key is removed', async () => {
    const folder = keyFolder(algorithm);
    const old = folder.add('2026.pem');
    const { app, clock } = await start({ algorithm, keysDir: folder.path });
    const ring = app.get(KeyRing);
    const student = await client.join();
    const known = await jwks();

    const next = folder.add('2027.next.pem');
    ring.reload();
    const published = await jwks();
    expect(published.keys).toHaveLength(2);
    const waiting = await client.tokenOf(student.name, student.password);
    expect(kidOf(waiting)).toBe(await thumbprintOf(old.publicKey));

    folder.rename('2027.next.pem', '2027.pem');
    ring.reload();
    const rotated = await client.tokenOf(student.name, student.password);
    expect(kidOf(rotated)).toBe(await thumbprintOf(next.publicKey));
    for (const token of [student.token, waiting, rotated]) expect(await isRecognised(token)).toBe(true);
    // A verifier that fetched the keys while the new one waited needs no other; one from before needs to fetch.
    const options = { ...EXPECTED, currentDate: new Date(clock.now()) };
    await jwtVerify(rotated, createLocalJWKSet(published), options);
    await expect(jwtVerify(rotated, createLocalJWKSet(known), options)).rejects.toThrow('no applicable key');

    folder.remove('2026.pem');
    ring.reload();
    for (const token of [student.token, waiting]) await expectRefused(token);
    expect(await isRecognised(rotated)).toBe(true);
    expect((await jwks()).keys).toHaveLength(1);
  });

  it('accepts tokens that a waiting key has signed: another instance may have been told first', async () => {
    const folder = keyFolder(algorithm);
    folder.add('2026.pem');
    const waiting = folder.add('2027.next.pem');
    await start({ algorithm, keysDir: folder.path });
    const { token } = await client.join();
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const kid = await thumbprintOf(waiting.publicKey);
    const signed = new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid });
    expect(await isRecognised(await signed.sign(waiting.privateKey))).toBe(true);
  });

  it('publishes a key that is there twice once, so that verifiers find one key for a kid', async () => {
    const folder = keyFolder(algorithm);
    const { privateKey } = folder.add('2026.next.pem');
    folder.write('2026.pem', privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
    const { clock } = await start({ algorithm, keysDir: folder.path });
    const { token } = await client.join();
    const published = await jwks();
    expect(published.keys).toHaveLength(1);
    await jwtVerify(token, createLocalJWKSet(published), {
      ...EXPECTED,
      currentDate: new Date(clock.now()),
    });
  });

  it('refuses an HS256 token made with a public key, in whichever form, as the secret', async () => {
    const folder = keyFolder(algorithm);
    const { publicKey } = folder.add('2026.pem');
    // Also where HS256 tokens of before the switch are still good.
    for (const previousSecret of [undefined, TEST_SECRET]) {
      await start({ algorithm, keysDir: folder.path, previousSecret });
      const { token } = await client.join();
      const kid = kidOf(token);
      const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string;
      const secrets = [
        pem,
        pem.trim(),
        publicKey.export({ format: 'der', type: 'spki' }),
        JSON.stringify((await jwks()).keys[0]),
        JSON.stringify(publicKey.export({ format: 'jwk' })),
        '',
      ];
      for (const secret of secrets) {
        await expectRefused(resigned(token, { alg: 'HS256', typ: 'JWT', kid }, hmac(secret)));
        await expectRefused(resigned(token, { alg: 'HS256', typ: 'JWT' }, hmac(secret)));
      }
    }
  });

  it('refuses a token without a kid, with an unknown one, of another algorithm, or with a key of its own', async () => {
    const folder = keyFolder(algorithm);
    const { privateKey, publicKey } = folder.add('2026.pem');
    await start({ algorithm, keysDir: folder.path });
    const { token, publicId } = await client.join();
    const body = token.split('.')[1] ?? '';
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    const kid = await thumbprintOf(publicKey);
    const sign = (header: Record<string, unknown>, key = privateKey, alg: string = algorithm) =>
      new SignJWT(claims).setProtectedHeader({ ...header, alg }).sign(key);
    // What is refused below is refused for its header alone.
    expect(await isRecognised(await sign({ kid }))).toBe(true);
    expect(claims['public_id']).toBe(publicId);

    const [own, other] = [makeKey(algorithm), makeKey(algorithm === 'ES256' ? 'RS256' : 'ES256')];
    const jwk = own.publicKey.export({ format: 'jwk' });
    await expectRefused(await sign({}));
    await expectRefused(await sign({ kid: 'unknown' }));
    await expectRefused(await sign({ kid: `${kid} ` }));
    await expectRefused(await sign({ kid }, own.privateKey));
    await expectRefused(await sign({ kid, jwk }, own.privateKey));
    await expectRefused(await sign({ kid: await thumbprintOf(own.publicKey), jwk }, own.privateKey));
    await expectRefused(await sign({ kid }, other.privateKey, algorithm === 'ES256' ? 'RS256' : 'ES256'));
    if (algorithm === 'RS256') await expectRefused(await sign({ kid }, privateKey, 'RS512'));
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid })).toString('base64url');
    await expectRefused(`${none}.${body}.`);
  });

  it('keeps its keys when the folder has become unusable', async () => {
    const folder = keyFolder(algorithm);
    folder.add('2026.pem');
    const { app } = await start({ algorithm, keysDir: folder.path });
    const { token } = await client.join();
    folder.write('2027.pem', 'garbage');
    expect(() => app.get(KeyRing).reload()).toThrow('2027.pem');
    expect(await isRecognised(token)).toBe(true);
    expect(await isRecognised((await client.join()).token)).toBe(true);
    expect((await jwks()).keys).toHaveLength(1);
    folder.drop();
    expect(() => app.get(KeyRing).reload()).toThrow('JWT_KEYS_DIR cannot be read.');
    expect(await isRecognised(token)).toBe(true);
  });
});

describe('with JWT_ALGORITHM=HS256', () => {
  const OLD = 'kT5vR8nX2mQ9wL4pZ7cB1yH6sD3gJ0fA';

  it('publishes no key', async () => {
    await start({ secret: TEST_SECRET, previousSecret: OLD });
    const answer = await client.get('/.well-known/jwks.json');
    expect([answer.status, answer.json]).toEqual([200, { keys: [] }]);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
  });

  it('still verifies tokens of JWT_SECRET_PREVIOUS, and signs with JWT_SECRET', async () => {
    await start({ secret: OLD });
    const student = await client.join();
    await start({ secret: TEST_SECRET, previousSecret: OLD });
    expect(await isRecognised(student.token)).toBe(true);
    const token = await client.tokenOf(student.name, student.password);
    await start({ secret: TEST_SECRET });
    expect(await isRecognised(token)).toBe(true);
    await expectRefused(student.token);
  });

  it.each(['ES256', 'RS256'] as const)(
    'and then %s, tokens stay good as long as JWT_SECRET_PREVIOUS holds the secret, and not otherwise',
    async (algorithm) => {
      const folder = keyFolder(algorithm);
      folder.add('2026.pem');
      await start({ secret: OLD });
      const { token } = await client.join();
      await start({ algorithm, keysDir: folder.path, previousSecret: OLD });
      expect(await isRecognised(token)).toBe(true);
      expect(decodeProtectedHeader((await client.join()).token).alg).toBe(algorithm);
      await start({ algorithm, keysDir: folder.path });
      await expectRefused(token);
      await start({ algorithm, keysDir: folder.path, previousSecret: TEST_SECRET });
      await expectRefused(token);
      // JWT_SECRET itself signs and verifies nothing any more.
      await start({ algorithm, keysDir: folder.path, secret: OLD });
      await expectRefused(token);
    },
  );
});
