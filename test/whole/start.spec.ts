import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { aStudent } from '../factories/student.js';
import { Client } from '../support/client.js';
import { type Ended, runToEnd } from '../support/run-to-end.js';
import { ROOT, startServer } from '../support/server-process.js';
import { TEST_SECRET } from '../support/test-settings.js';
import { until } from '../support/until.js';

const MAIN = ['dist/src/main.js'];
const CANARY = 'c4n4ry';

// Made here, not in a hook: concurrent tests do not wait for hooks.
const folder = mkdtempSync(join(tmpdir(), 'student-auth-start-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server on a database of this file's, with a secret and a free port, and waits for it to end. */
function start(env: Record<string, string>, root?: string): Promise<Ended> {
  const DATABASE_URL = `sqlite:${join(folder, 'students.db')}`;
  return runToEnd(MAIN, {
    env: { PORT: '0', JWT_SECRET: TEST_SECRET, DATABASE_URL, ...env },
    ...(root === undefined ? {} : { root }),
  });
}

/** Nothing on standard output, one line on standard error, exit code 1. */
function refusal(line: unknown): Ended {
  return { code: 1, stdout: '', stderr: line as string };
}

const oneLine = (...parts: string[]): unknown =>
  expect.stringMatching(new RegExp(`^student-auth cannot start: [^\\n]*${parts.join('[^\\n]*')}[^\\n]*\\n$`));

describe('a setting that is no good stops the start with one line that names it', () => {
  const bad: Record<string, Record<string, string>> = {
    HOST: { HOST: `${CANARY}.example.org` },
    PORT: { PORT: CANARY },
    DATABASE_URL: { DATABASE_URL: `mysql://${CANARY}@localhost/x` },
    JWT_SECRET: { NODE_ENV: 'production', JWT_SECRET: CANARY },
    JWT_SECRET_PREVIOUS: { NODE_ENV: 'production', JWT_SECRET_PREVIOUS: CANARY },
    JWT_ALGORITHM: { JWT_ALGORITHM: CANARY },
    JWT_KEYS_DIR: { JWT_ALGORITHM: 'ES256' },
    ACCESS_TOKEN_TTL: { ACCESS_TOKEN_TTL: '25h' },
    REFRESH_TOKEN_TTL: { REFRESH_TOKEN_TTL: CANARY },
    SESSION_MAX_AGE: { SESSION_MAX_AGE: CANARY },
    REFRESH_REUSE_GRACE: { REFRESH_REUSE_GRACE: CANARY },
    PASSWORD_MIN_LENGTH: { PASSWORD_MIN_LENGTH: CANARY },
    HASH_CONCURRENCY: { HASH_CONCURRENCY: CANARY },
    THROTTLE: { THROTTLE: CANARY },
    REGISTRATION: { REGISTRATION: CANARY },
    ROSTER: { ROSTER: CANARY },
    TRUST_PROXY: { TRUST_PROXY: 'true' },
    CORS_ORIGINS: { CORS_ORIGINS: '*' },
    LOG_LEVEL: { LOG_LEVEL: CANARY },
    AUDIT_RETENTION: { AUDIT_RETENTION: CANARY },
    OTEL_EXPORTER_OTLP_ENDPOINT: { OTEL_EXPORTER_OTLP_ENDPOINT: CANARY },
  };

  it.concurrent.each(Object.entries(bad))('%s', async (variable, env) => {
    const ended = await start(env);
    expect(ended).toEqual(refusal(oneLine(`${variable} `)));
    expect(ended.stderr).not.toContain(CANARY);
  });

  it.concurrent.each([
    ['there is none', ''],
    ['it is short', 'k3Jd92mA0sLq'],
    ['the walk-through shows it', 'thisissecret'],
    ['it is a well-known one, made long', 'changeme-changeme-changeme-changeme'],
  ])('JWT_SECRET, in production, where %s', async (_why, secret) => {
    const ended = await start({ NODE_ENV: 'production', JWT_SECRET: secret });
    expect(ended).toEqual(refusal(oneLine('JWT_SECRET ')));
    if (secret !== '') expect(ended.stderr).not.toContain(secret);
  });

  it('HOST, where it is no address of this machine', async () => {
    const ended = await start({ NODE_ENV: 'production', HOST: '192.0.2.1' });
    expect(ended.stderr).toEqual(oneLine('HOST '));
    expect(ended.code).toBe(1);
  });
});

describe('a port that is taken', () => {
  it('stops the start with one line: which, how to choose another, how to find who holds it', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const ended = await start({ PORT: String(port), LOG_LEVEL: 'warn' });
    holder.close();
    expect(ended).toEqual(
      refusal(oneLine(`port ${port} is taken`, `PORT=${port + 1} npm start`, `lsof -i :${port}`)),
    );
  });
});

describe('a database that cannot be used stops the start with one line', () => {
  it.each([
    [
      'a SQLite file of another program',
      (file: string): void => {
        const other = new Sqlite(file);
        other.exec("CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO user VALUES (1, 'a')");
        other.close();
      },
    ],
    [
      'a file that is no database',
      (file: string): void => writeFileSync(file, 'A letter, not a database. '.repeat(99)),
    ],
  ])('%s, which is left as it was', async (_what, make) => {
    const own = mkdtempSync(join(folder, 'foreign-'));
    const file = join(own, 'test.db');
    make(file);
    const before = readFileSync(file);
    expect(await start({ DATABASE_URL: `sqlite:${file}` })).toEqual(refusal(oneLine('left untouched')));
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(own)).toEqual(['test.db']);
  });

  it('a folder that cannot be made', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(await start({ DATABASE_URL: `sqlite:${join(file, 'students.db')}` })).toEqual(
      refusal(oneLine('The folder of the database', 'cannot be used')),
    );
  });

  it('a folder in the place of the file', async () => {
    expect(await start({ DATABASE_URL: `sqlite:${folder}` })).toEqual(refusal(oneLine('is not a file')));
  });

  it('a Postgres that does not answer', async () => {
    const url = `postgres://${CANARY}:${CANARY}@127.0.0.1:1/${CANARY}`;
    const ended = await start({ DATABASE_URL: url });
    expect(ended).toEqual(refusal(oneLine('Postgres', 'ECONNREFUSED')));
    expect(ended.stderr).not.toContain(CANARY);
  });
});

describe('the secret of a development server', () => {
  /** The built program somewhere else, with a `data` of its own. */
  function copyOfTheProgram(): string {
    const root = mkdtempSync(join(folder, 'copy-'));
    for (const each of ['dist', 'package.json'])
      cpSync(join(ROOT, each), join(root, each), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
    return root;
  }

  it('cannot be kept where `data` is no folder: one line', async () => {
    const root = copyOfTheProgram();
    writeFileSync(join(root, 'data'), '');
    expect(await start({ JWT_SECRET: '' }, root)).toEqual(refusal(oneLine('JWT_SECRET ', 'jwt-secret')));
  });

  it('that is an empty file: one line', async () => {
    const root = copyOfTheProgram();
    mkdirSync(join(root, 'data'));
    writeFileSync(join(root, 'data', 'jwt-secret'), '\n');
    expect(await start({ JWT_SECRET: '' }, root)).toEqual(refusal(oneLine('JWT_SECRET ', 'is empty')));
  });
});

describe('.env', () => {
  it('is read in development, where the password of the walk-through is long enough', async () => {
    const server = await startServer();
    const { status } = await new Client(server.url).register(aStudent({ password: '1234' }));
    expect(await server.stop()).toBe(0);
    expect(status).toBe(201);
  });

  it('is not read in production, where passwords have 8 characters', async () => {
    const server = await startServer({ NODE_ENV: 'production' });
    const client = new Client(server.url);
    const short = await client.register(aStudent({ password: 'kX9!ab2' }));
    const enough = await client.register(aStudent({ password: 'kX9!ab2q' }));
    expect(await server.stop()).toBe(0);
    expect(short).toMatchObject({
      status: 400,
      json: { message: expect.stringMatching(/password.*8/) as string },
    });
    expect(enough.status).toBe(201);
  });
});

describe('SIGHUP', () => {
  it('has nothing to do with a secret, and does no harm', async () => {
    const server = await startServer();
    server.process.kill('SIGHUP');
    await until('the signal was taken', () => server.output().includes('keys were read again'));
    expect((await new Client(server.url).get('/health/ready')).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });
});
