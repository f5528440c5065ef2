import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { KeyFolder } from '../support/key-folder.js';
import { TEST_SECRET } from '../support/test-settings.js';

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli.js');

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'student-auth-doctor-'));
  file = join(folder, 'students.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command in a folder that has nothing to do with the program. */
function run(command: string, env: Record<string, string | undefined> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, command], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      JWT_SECRET: TEST_SECRET,
      REGISTRATION: 'admins',
      DATABASE_URL: `sqlite:${file}`,
      ...env,
    },
  });
  return { status, stderr, lines: stdout.split('\n').filter(Boolean) };
}

function made(): void {
  expect(run('migrate').status).toBe(0);
}

function fingerprint(): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

describe('npm run cli -- doctor', () => {
  it('says ok in one line each of a healthy installation, exits with 0 and changes nothing', () => {
    made();
    const before = fingerprint();
    const { status, lines, stderr } = run('doctor');
    expect(stderr).toBe('');
    expect(lines.map((line) => line.replace(/:.*/, ''))).toEqual([
      'ok   settings',
      'ok   secret and keys',
      'ok   clock',
      'ok   database',
      'ok   schema',
      'ok   free disk',
      'ok   open door',
    ]);
    expect(status).toBe(0);
    expect(fingerprint()).toBe(before);
    expect(lines.join()).not.toContain(TEST_SECRET);
  });

  it('fails for bad settings, naming the variable and not its value', () => {
    const { status, lines } = run('doctor', { ACCESS_TOKEN_TTL: 'canary' });
    expect([status, lines]).toEqual([
      1,
      ['fail settings: ACCESS_TOKEN_TTL must be a duration such as 30s, 15m, 12h or 30d.'],
    ]);
  });

  it('warns of a key that signs less than 10 minutes after it was published; a warning is no failure', () => {
    made();
    const keys = new KeyFolder('ES256');
    try {
      keys.add('2026.pem');
      const env = { JWT_SECRET: undefined, JWT_ALGORITHM: 'ES256', JWT_KEYS_DIR: keys.path };
      const { status, lines } = run('doctor', env);
      expect(lines).toContainEqual(
        expect.stringMatching(/^warn secret and keys: 2026\.pem signs less than 10 minutes/),
      );
      expect(status).toBe(0);
      keys.write('2027.pem', 'garbage');
      const broken = run('doctor', env);
      expect(broken.lines).toContain(
        'fail secret and keys: JWT_KEYS_DIR holds 2027.pem, which is not a PEM private key.',
      );
      expect(broken.status).toBe(1);
    } finally {
      keys.drop();
    }
  });

  it('fails for a database that is not there, and makes none', () => {
    const { status, lines } = run('doctor');
    expect(lines).toContain(
      `fail database: The database ${file} does not exist; the server makes it when it starts.`,
    );
    expect(status).toBe(1);
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });

  it('fails for a file that is no database, and for a database that is not ours', () => {
    writeFileSync(file, 'not a database, though long enough to be looked at as one'.repeat(20));
    const noDatabase = run('doctor');
    expect(noDatabase.lines).toContainEqual(
      expect.stringMatching(/^fail database: .* is not a SQLite database; it was left untouched\.$/),
    );
    expect(noDatabase.status).toBe(1);
    rmSync(file);
    const others = new Sqlite(file);
    others.exec('CREATE TABLE notes (text)');
    others.close();
    expect(run('doctor').lines).toContainEqual(
      expect.stringMatching(/^fail database: .* was not made by student-auth/),
    );
  });

  it('fails for a schema that is not up to date, and leaves bringing it up to date to others', () => {
    made();
    const database = new Sqlite(file);
    database.exec('DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    const pending = () => database.prepare('SELECT count(*) FROM migrations').pluck().get();
    const before = pending();
    const { status, lines } = run('doctor');
    expect(lines).toContainEqual(expect.stringMatching(/^fail schema: not up to date \(\w+\)/));
    expect(status).toBe(1);
    expect(pending()).toBe(before);
    database.close();
  });

  it('fails for a clock that stands before the newest row', () => {
    made();
    const database = new Sqlite(file);
    database
      .prepare(
        `INSERT INTO student (public_id, name, email, password, role, created_at) VALUES ('a', 'b', 'c', 'd', 'user', ?)`,
      )
      .run(Date.now() + 3_600_000);
    database.close();
    const { status, lines } = run('doctor');
    expect(lines).toContainEqual(expect.stringMatching(/^fail clock: 3[56]\d\d s before the newest row/));
    expect(status).toBe(1);
  });

  it('fails for an open door in production, and not in development', () => {
    made();
    const open = run('doctor', { REGISTRATION: undefined });
    expect(open.lines).toContainEqual(expect.stringMatching(/^fail open door: anybody may register/));
    expect(open.status).toBe(1);
    expect(run('doctor', { REGISTRATION: undefined, ROSTER: 'admins' }).status).toBe(0);
    expect(run('doctor', { REGISTRATION: undefined, NODE_ENV: undefined }).status).toBe(0);
  });
});
