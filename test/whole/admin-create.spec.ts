import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditOf } from '../support/audit-of.js';
import { Client } from '../support/client.js';
import { ROOT, startServer } from '../support/server-process.js';
import { TEST_SECRET } from '../support/test-settings.js';

const CLI = join(ROOT, 'dist', 'src', 'cli.js');
const TEACHER = ['--name', 'teacher', '--email', 'teacher@school.example'];

let folder: string;
let env: Record<string, string>;
const file = (): string => join(folder, 'students.db');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'student-auth-'));
  env = {
    DATABASE_URL: `sqlite:${file()}`,
    JWT_SECRET: TEST_SECRET,
    PASSWORD_MIN_LENGTH: '8',
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function adminCreate(parameters: readonly string[], stdin: string): Promise<Ended> {
  const started = spawn(process.execPath, [CLI, 'admin:create', ...parameters], {
    env: { PATH: process.env['PATH'], ...env },
  });
  let stdout = '';
  let stderr = '';
  started.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  started.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  started.stdin.end(stdin);
  const code = await new Promise<number | null>((resolve) => started.once('close', resolve));
  return { code, stdout, stderr };
}

describe('admin:create', () => {
  it('makes an admin with the password from standard input, less one line break', async () => {
    const done = await adminCreate([...TEACHER, '--password-stdin'], ' chalk and board \r\n');
    expect(done).toEqual({ code: 0, stdout: 'The admin teacher has been created.\n', stderr: '' });
    const server = await startServer(env);
    const client = new Client(server.url);
    const token = await client.tokenOf('teacher', ' chalk and board ');
    expect((await client.get('/me', token)).json).toMatchObject({
      student: { name: 'teacher', role: 'admin' },
    });
    await server.stop();
    expect(auditOf(file())).toMatchObject([
      { action: 'admin-created', actor: 'command line', ip: null, user_agent: 'admin:create' },
      { action: 'login', ip: '127.0.0.1' },
    ]);
  });

  it('promotes the student who is there, whose sessions end', async () => {
    const server = await startServer(env);
    const client = new Client(server.url);
    const member = await client.join({ name: 'teacher', email: 'teacher@school.example' });
    const done = await adminCreate([...TEACHER, '--password-stdin'], 'chalk and board\n');
    expect(done).toMatchObject({ code: 0, stdout: 'teacher is an admin now.\n' });
    expect((await client.get('/me', member.token)).status).toBe(401);
    const token = await client.tokenOf('teacher', 'chalk and board');
    expect((await client.get('/me', token)).json).toMatchObject({
      student: { public_id: member.publicId, role: 'admin' },
    });
    await server.stop();
    expect(auditOf(file()).filter(({ actor }) => actor === 'command line')).toMatchObject([
      { action: 'admin-promoted', student: member.publicId },
    ]);
  });

  it('says in one line what is wrong, and makes nobody', async () => {
    const bad = await adminCreate(['--name', 'a:b', '--email', 'nowhere', '--password-stdin'], 'short');
    expect(bad).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'name must not contain a colon; email must be a valid e-mail address; password must be at least 8 characters\n',
    });
    const missing = await adminCreate(['--name', 'teacher', '--password-stdin'], 'chalk and board');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/required option '--email <email>' not specified/);
  });

  it('refuses the name of one student with the e-mail of another', async () => {
    expect((await adminCreate([...TEACHER, '--password-stdin'], 'chalk and board')).code).toBe(0);
    const other = ['--name', 'teacher', '--email', 'other@school.example', '--password-stdin'];
    expect(await adminCreate(other, 'chalk and board')).toMatchObject({
      code: 1,
      stderr: 'The name is already taken.\n',
    });
  });

  it('asks nobody where there is no terminal to ask on', async () => {
    const done = await adminCreate(TEACHER, 'chalk and board\n');
    expect(done.code).toBe(1);
    expect(done.stderr).toMatch(
      /^There is no terminal to ask for the password on: give it with --password-stdin\.\n$/,
    );
  });
});
