import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import { inherited, ROOT } from '../support/server-process.js';
import { until } from '../support/until.js';

const PROJECT = [
  'src',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'ormconfig.ts',
  '.env',
];

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe('npm run start:dev', () => {
  let root: string;
  let port: number;
  let npm: ChildProcess;
  let output = '';
  let client: Client;

  const answers = async (message: string): Promise<boolean> => {
    const { json } = await client.get('/no-such-path');
    return (json as { message?: string }).message === message;
  };
  const edit = (file: string, from: string, to: string): void => {
    const path = join(root, file);
    const source = readFileSync(path, 'utf8');
    expect(source).toContain(from);
    writeFileSync(path, source.replace(from, to));
  };
  /** As a terminal does at Ctrl+C: to npm, the shell, the compiler and the server alike. */
  const signalAll = (signal: NodeJS.Signals | 0): void => void process.kill(-(npm.pid ?? 0), signal);

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'student-auth-dev-'));
    for (const each of PROJECT) cpSync(join(ROOT, each), join(root, each), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
    port = await freePort();
    client = new Client(`http://127.0.0.1:${port}`);
    npm = spawn('npm', ['run', 'start:dev'], {
      cwd: root,
      env: { ...inherited(), PORT: String(port) },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    npm.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    npm.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  });

  afterAll(() => {
    // Only what a failed test has left: the group is gone otherwise.
    if (npm.exitCode === null && npm.signalCode === null) signalAll('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  it('serves, takes up a change of the sources, and leaves nothing behind at Ctrl+C', async () => {
    await until('the server answers', () => answers('Not found'));
    const member = await client.join({ password: '1234' });

    edit('src/http/http-failures.ts', `'Not found'`, `'Nobody lives here'`);
    await until('the change shows', () => answers('Nobody lives here'));
    // The same database and the same secret, so whoever was logged in still is.
    expect((await client.get('/me', member.token)).status).toBe(200);
    // The worker of the password threads is JavaScript, which the compiler has to take along.
    expect((await client.login(member.name, '1234')).status).toBe(200);

    const ended = once(npm, 'close');
    signalAll('SIGINT');
    await ended;
    await until('no process of it is left', () => {
      try {
        signalAll(0);
        return false;
      } catch {
        return true;
      }
    });
    await expect(client.get('/health/live')).rejects.toThrow();
    expect(output).toContain('shut down');
  });
});
