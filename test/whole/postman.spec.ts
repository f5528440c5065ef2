import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerProcess, startServer } from '../support/server-process.js';
import { TEST_SECRET } from '../support/test-settings.js';

const ROOT = join(import.meta.dirname, '..', '..');
const NEWMAN = createRequire(import.meta.url).resolve('newman/bin/newman.js');
const ADMIN = { name: 'head teacher', password: 'chalk on every sleeve' };

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a Node program to its end. */
async function node(parameters: string[], env: Record<string, string> = {}, input = ''): Promise<Ended> {
  const child = spawn(process.execPath, parameters, { cwd: ROOT, env: { ...process.env, ...env } });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end(input);
  return await new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

describe('the Postman collection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-postman-'));
  const database = { DATABASE_URL: `sqlite:${join(folder, 'students.db')}` };
  let server: ServerProcess;

  beforeAll(async () => {
    server = await startServer(database);
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the whole collection, as one would from the command line. */
  async function run(variables: Record<string, string> = {}): Promise<Ended> {
    return await node([
      NEWMAN,
      'run',
      'postman/student-auth.postman_collection.json',
      '--environment',
      'postman/student-auth.postman_environment.json',
      ...Object.entries({ baseUrl: server.url, ...variables }).flatMap(([key, value]) => [
        '--env-var',
        `${key}=${value}`,
      ]),
      '--color',
      'off',
    ]);
  }

  it('has nothing to object to, on a new database and again', async () => {
    expect(await run()).toEqual({
      code: 0,
      output: expect.stringContaining('201: New stduent created!') as string,
    });
    expect(await run()).toEqual({
      code: 0,
      output: expect.stringContaining('409: registered by an earlier run') as string,
    });
  });

  it('has nothing to object to as an admin', async () => {
    const made = await node(
      [
        'dist/src/cli.js',
        'admin:create',
        '--name',
        ADMIN.name,
        '--email',
        'head@example.com',
        '--password-stdin',
      ],
      { ...database, JWT_SECRET: TEST_SECRET },
      `${ADMIN.password}\n`,
    );
    expect(made).toEqual({ code: 0, output: expect.stringContaining(ADMIN.name) as string });
    expect(await run({ admin_name: ADMIN.name, admin_password: ADMIN.password })).toEqual({
      code: 0,
      output: expect.stringContaining('200 with admins alone') as string,
    });
  });
});
