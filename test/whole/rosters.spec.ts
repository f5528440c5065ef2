import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Client } from '../support/client.js';
import { type Ended, runToEnd } from '../support/run-to-end.js';
import { ROOT, startServer } from '../support/server-process.js';
import { TEST_SECRET } from '../support/test-settings.js';

interface Sample {
  readonly name: string;
  readonly public_id: string;
  readonly password: string | null;
}

const FLASK = join(ROOT, 'test', 'data', 'flask', 'test.db');
const samples = JSON.parse(
  readFileSync(join(ROOT, 'test', 'data', 'flask', 'passwords.json'), 'utf8'),
) as Sample[];

let folder: string;
let env: Record<string, string>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'student-auth-'));
  env = {
    DATABASE_URL: `sqlite:${join(folder, 'students.db')}`,
    JWT_SECRET: TEST_SECRET,
    THROTTLE: 'off',
    PASSWORD_MIN_LENGTH: '8',
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cli = (...parameters: string[]): Promise<Ended> =>
  runToEnd(['dist/src/cli.js', ...parameters], { env });
const file = (name: string, content?: string | Buffer): string => {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
};
const rows = <T>(sql: string): T[] => {
  const connection = new Sqlite(join(folder, 'students.db'), { readonly: true });
  try {
    return connection.prepare(sql).all() as T[];
  } finally {
    connection.close();
  }
};
const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('import:flask', () => {
  it("takes the original's sample in: everybody logs in with the old password, once with the old hash", async () => {
    const before = digest(FLASK);
    const dry = await cli('import:flask', FLASK, '--dry-run');
    expect(dry.stdout).toMatch(
      /nothing was written: 11 rows read .* 11 would be imported, 0 already there, 0 rejected/,
    );
    expect(rows('SELECT id FROM student')).toEqual([]);
    const done = await cli('import:flask', FLASK);
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(done.stdout).toMatch(/row 11 \(broken\): cannot log in until an admin sets a password/);
    expect(done.stdout).toMatch(/11 rows read .* 11 imported, 0 already there, 0 rejected/);
    expect((await cli('import:flask', FLASK)).stdout).toMatch(/0 imported, 11 already there, 0 rejected/);
    expect(digest(FLASK)).toBe(before);

    const server = await startServer(env);
    const client = new Client(server.url);
    for (const { name, public_id: publicId, password } of samples) {
      const good = name !== 'broken';
      const answer = await client.login(name, password ?? 'whatever');
      expect([name, answer.status]).toEqual([name, good ? 200 : 401]);
      if (!good) continue;
      const { token } = answer.json as { token: string };
      expect((await client.get('/me', token)).json).toMatchObject({ student: { name, public_id: publicId } });
      const [kept] = rows<{ password: string }>(
        `SELECT password FROM student WHERE public_id = '${publicId}'`,
      );
      expect(kept?.password).toMatch(/^\$argon2id\$/);
      expect((await client.login(name, password ?? '')).status).toBe(200);
    }
    await server.stop();
    expect(rows(`SELECT name FROM student WHERE public_id = 'b19415c2-4c1f-473f-909e-4ade1725e841'`)).toEqual(
      [{ name: 'kyunghwan1' }],
    );
  });

  it('reads a table user with a boolean admin and no e-mail, and says of each row why it cannot come in', async () => {
    const source = file('old.db');
    const old = new Sqlite(source);
    old.exec(
      'CREATE TABLE user (password TEXT, admin BOOLEAN, name TEXT, public_id TEXT, id INTEGER PRIMARY KEY)',
    );
    const insert = old.prepare('INSERT INTO user (name, password, admin, public_id) VALUES (?, ?, ?, ?)');
    const hash = 'sha256$EBzbyAgwmvbcQJQK$bf0f879995d3f997964ade5b00fce9d81d68e6589f7c812937b30671a58d767b';
    for (const [name, admin, id] of [
      ['kim', 1, 'a'],
      ['Kim', 0, 'b'],
      ['lee', 0, 'a'],
      ['a:b', 0, 'c'],
      [null, 0, 'd'],
      ['x'.repeat(51), 0, 'e'],
      ['park', 0, null],
    ] as const) {
      insert.run(name, hash, admin, id);
    }
    old.close();
    expect((await cli('import:flask', source)).stdout).toMatch(/0 imported, 0 already there, 7 rejected/);
    const rejects = file('rejects.csv');
    const done = await cli('import:flask', source, '--email-domain', 'school.example', '--rejects', rejects);
    expect(done.stdout).toMatch(/2 imported, 0 already there, 5 rejected/);
    const told = readFileSync(rejects, 'utf8');
    expect(told).toMatch(
      /^row,reason,public_id,name,email\n2,name is already taken,b,Kim,Kim@school\.example\n3,public_id is already taken,a,lee/,
    );
    expect(told).toMatch(/\n4,name must not contain a colon/);
    expect(told).toMatch(/\n5,name is missing/);
    expect(rows('SELECT name, email, role FROM student ORDER BY id')).toEqual([
      { name: 'kim', email: 'kim@school.example', role: 'admin' },
      { name: 'park', email: 'park@school.example', role: 'user' },
    ]);
  });

  it('appends numbers to taken names where that is asked for', async () => {
    const source = file('kims.db');
    const old = new Sqlite(source);
    old.exec('CREATE TABLE student (id INTEGER PRIMARY KEY, public_id, name, email, password, role)');
    const insert = old.prepare('INSERT INTO student VALUES (?, ?, ?, ?, ?, ?)');
    old.transaction(() => {
      for (let n = 1; n <= 1500; n += 1) insert.run(n, `p${n}`, 'Kim', `kim${n}@x.org`, 'sha256$a$b', 'user');
    })();
    old.close();
    const done = await cli('import:flask', source, '--rename-duplicates');
    expect(done.stdout).toMatch(/1500 imported, 1499 of them renamed, 0 already there, 0 rejected/);
    expect(rows('SELECT name FROM student ORDER BY id DESC LIMIT 1')).toEqual([{ name: 'Kim1500' }]);
    expect((await cli('import:flask', source, '--rename-duplicates')).stdout).toMatch(
      /0 imported, 1500 already there/,
    );
  });

  it.each([
    ['a file that is not there', undefined],
    [
      'a file that is no database',
      'just some text that is long enough to be read as a header of a file'.repeat(3),
    ],
  ])('answers %s in one line', async (_what, content) => {
    const done = await cli('import:flask', file('nothing.db', content));
    expect([done.code, done.stdout]).toEqual([1, '']);
    expect(done.stderr).toMatch(
      /^[^\n]*(?:cannot be read \(SQLITE_CANTOPEN\)|is not a SQLite database)\.\n$/,
    );
  });
});

describe('import:csv', () => {
  it('reads semicolons and a BOM, makes passwords for handing out, and adds nothing the second time', async () => {
    const roster = file(
      'class.csv',
      '\ufeffname;email;password;role\r\nAnna;anna@x.org;;\r\n"B; C";bc@x.org;a good horse;admin\r\n=1+1;f@x.org;short;\r\nANNA;other@x.org;a good horse;\r\n',
    );
    const handout = file('handout.csv');
    const done = await cli('import:csv', roster, '--credentials', handout);
    expect(done.stdout).toMatch(/row 4 \(=1\+1\) cannot come in: password must be at least/);
    expect(done.stdout).toMatch(/row 5 \(ANNA\) cannot come in: name is already taken/);
    expect(done.stdout).toMatch(/2 imported, 0 already there, 2 rejected/);
    if (process.platform !== 'win32') expect(statSync(handout).mode & 0o777).toBe(0o600);
    const [, name, password] = /\n(Anna),anna@x\.org,(\S+)\n$/.exec(readFileSync(handout, 'utf8')) ?? [];
    expect((await cli('import:csv', roster, '--credentials', handout)).stdout).toMatch(
      /0 imported, 2 already there/,
    );
    const server = await startServer(env);
    const client = new Client(server.url);
    expect((await client.login(name ?? '', password ?? '')).status).toBe(200);
    expect((await client.login('B; C', 'a good horse')).status).toBe(200);
    await server.stop();
  });

  it.each([
    ['no header', 'anna,anna@x.org\n', /the first line must be the header/],
    ['an unknown column', 'name,email,phone\na,a@x.org,1\n', /unknown columns: "phone"/],
    ['a column twice', 'name,email,name\n', /names a column twice/],
    ['bytes that are not UTF-8', Buffer.from('name,email\n\xc4nne,a@x.org\n', 'latin1'), /is not UTF-8/],
    [
      'a quote within a cell',
      'name,email\nkim "k" lee,kim@x.org\n',
      /line 2 is not CSV \(invalid opening quote\)/,
    ],
    ['a quote that never ends', 'name,email\n"anna,anna@x.org\n', /is not CSV/],
  ])('answers a file with %s in one line, and imports nothing', async (_what, content, said) => {
    const done = await cli('import:csv', file('bad.csv', content));
    expect(done.code).toBe(1);
    expect(done.stderr).toMatch(said);
    expect(done.stderr.trim()).not.toContain('\n');
    expect(rows('SELECT id FROM student')).toEqual([]);
  });
});

describe('export', () => {
  it.each(['csv', 'ndjson'])(
    'with hashes, as %s, imports into an empty database as it was',
    async (format) => {
      await cli('import:flask', FLASK);
      await cli(
        'import:csv',
        file(
          'more.csv',
          'name,email,password\n=cmd,cmd@x.org,a good horse\n\'=odd,odd@x.org,a good horse\n"q""uote, x",q@x.org,a good horse\n',
        ),
      );
      const [first, second] = [file(`first.${format}`), file(`second.${format}`)];
      expect((await cli('export', '--with-hashes', '--format', format, first)).code).toBe(0);
      if (format === 'csv') expect(readFileSync(first, 'utf8')).toContain(",'=cmd,");
      env = { ...env, DATABASE_URL: `sqlite:${join(folder, 'other.db')}` };
      const done = await cli('import:csv', first);
      expect(done.stdout).toMatch(/14 imported, 0 already there, 0 rejected/);
      expect((await cli('export', '--with-hashes', '--format', format, second)).code).toBe(0);
      expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
      expect((await cli('export')).stdout).not.toMatch(/argon2id|sha256/);
    },
  );
});

describe('backup', () => {
  it('copies the database while the server runs, verifies it, and leaves what is there alone', async () => {
    const server = await startServer(env);
    const client = new Client(server.url);
    await client.enrol();
    const copy = file('copy.db');
    expect(await cli('backup', copy)).toMatchObject({
      code: 0,
      stdout: `${copy} holds 1 students; integrity_check: ok\n`,
    });
    if (process.platform !== 'win32') expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(await cli('backup', copy)).toMatchObject({
      code: 1,
      stderr: `${copy} is there already; nothing was written.\n`,
    });
    await server.stop();
    const again = await startServer({ ...env, DATABASE_URL: `sqlite:${copy}` });
    expect((await fetch(`${again.url}/health/ready`)).status).toBe(200);
    await again.stop();
  });
});
