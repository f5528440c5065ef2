import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import { auditOf } from '../support/audit-of.js';
import { KeyFolder, pemOf } from '../support/key-folder.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'src', 'main.js');

let folder: KeyFolder;
beforeEach(() => {
  folder = new KeyFolder('ES256');
});
afterEach(() => folder.drop());

const rsa = (modulusLength: number): string =>
  pemOf(generateKeyPairSync('rsa', { modulusLength }).privateKey);
const curve = (namedCurve: string): string => pemOf(generateKeyPairSync('ec', { namedCurve }).privateKey);
const publicPem = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'pem',
    type: 'spki',
  }) as string;

describe('a key folder that cannot be used stops the start with one line', () => {
  const NO_PEM = 'JWT_KEYS_DIR holds no key that signs: put a NAME.pem there.';
  const notOf = (name: string, wanted: string) => `JWT_KEYS_DIR holds ${name}, which is not ${wanted} needs.`;
  const notKey = (name: string) => `JWT_KEYS_DIR holds ${name}, which is not a PEM private key.`;
  const P256 = 'a P-256 key as ES256';
  const RSA = 'an RSA key of 2048 bits or more as RS256';

  it.each<[string, 'ES256' | 'RS256', () => Record<string, string>, string]>([
    ['without a PEM', 'ES256', () => ({ 'README.txt': 'nothing here' }), NO_PEM],
    ['with waiting keys alone', 'ES256', () => ({ 'a.next.pem': curve('P-256') }), NO_PEM],
    ['with garbage', 'ES256', () => ({ 'a.pem': curve('P-256'), 'b.pem': 'garbage' }), notKey('b.pem')],
    ['with an empty file', 'RS256', () => ({ 'a.pem': '' }), notKey('a.pem')],
    ['with a public key', 'ES256', () => ({ 'a.pem': publicPem() }), notKey('a.pem')],
    ['with a key of another curve', 'ES256', () => ({ 'a.pem': curve('P-384') }), notOf('a.pem', P256)],
    ['with an RSA key for ES256', 'ES256', () => ({ 'a.pem': rsa(2048) }), notOf('a.pem', P256)],
    ['with an EC key for RS256', 'RS256', () => ({ 'a.pem': curve('P-256') }), notOf('a.pem', RSA)],
    ['with a small RSA key', 'RS256', () => ({ 'a.pem': rsa(1024) }), notOf('a.pem', RSA)],
  ])('%s (%s)', (_what, algorithm, files, problem) => {
    for (const [name, text] of Object.entries(files())) folder.write(name, text);
    const { status, stdout, stderr } = runMain({ JWT_ALGORITHM: algorithm, JWT_KEYS_DIR: folder.path });
    expect([status, stdout, stderr]).toEqual([1, '', `student-auth cannot start: ${problem}\n`]);
  });

  it('that is not there', () => {
    const { status, stderr } = runMain({ JWT_ALGORITHM: 'ES256', JWT_KEYS_DIR: join(folder.path, 'none') });
    expect([status, stderr]).toEqual([1, 'student-auth cannot start: JWT_KEYS_DIR cannot be read.\n']);
  });

  function runMain(env: Record<string, string>) {
    return spawnSync(process.execPath, [MAIN], {
      encoding: 'utf8',
      timeout: 30_000,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        LOG_LEVEL: 'error',
        PORT: '0',
        DATABASE_URL: `sqlite:${join(folder.path, 'students.db')}`,
        ...env,
      },
    });
  }
});

describe('at SIGHUP', () => {
  let server: ServerProcess;
  afterEach(() => server.stop());

  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  it('the key folder is read again; one that cannot be used changes nothing and is told', async () => {
    folder.add('2026.pem');
    const file = join(folder.path, 'students.db');
    server = await startServer({
      NODE_ENV: 'production',
      JWT_ALGORITHM: 'ES256',
      JWT_KEYS_DIR: folder.path,
      DATABASE_URL: `sqlite:${file}`,
    });
    const client = new Client(server.url);
    const published = async (): Promise<number> =>
      ((await client.get('/.well-known/jwks.json')).json as { keys: unknown[] }).keys.length;
    expect(await published()).toBe(1);

    folder.add('2027.next.pem');
    server.process.kill('SIGHUP');
    await until(async () => (await published()) === 2);
    await until(() => server.output().includes('The signing keys were read again.'));
    await until(() => auditOf(file).length > 0);

    folder.write('2028.pem', 'garbage');
    server.process.kill('SIGHUP');
    await until(() => server.output().includes('JWT_KEYS_DIR holds 2028.pem'));
    const line = server
      .output()
      .split('\n')
      .find((each) => each.includes('2028.pem'));
    expect(JSON.parse(line ?? '')).toMatchObject({ level: 50, context: 'Keys' });
    expect(await published()).toBe(2);
    expect((await client.join()).token).toMatch(/^ey/);
    const [reload] = auditOf(file).filter(({ action }) => action === 'keys-reloaded');
    expect(reload).toMatchObject({ actor: null, student: null, ip: null, user_agent: 'SIGHUP' });
    // One for the good folder, none for the one that changed nothing.
    expect(auditOf(file).map(({ action }) => action)).toEqual(['keys-reloaded', 'registration', 'login']);
  });
});
