import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { WERKZEUG_HASHES } from '../factories/werkzeug-hashes.js';
import { Client } from '../support/client.js';
import { type Ended, runToEnd } from '../support/run-to-end.js';
import { startServer } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { TEST_SECRET } from '../support/test-settings.js';

/** Names that something between the two databases could spoil: a spreadsheet's guard, CSV, a collation, a normal form. */
const ODD_NAMES = [
  '=1+1',
  "'=quoted",
  "''@twice",
  "'plain quote",
  '+82 10',
  '-dash',
  '@handle',
  '＝full width',
  'semi;colon, comma',
  'say "hello"',
  'back\\slash',
  'null',
  '0',
  'Café',
  'Cafe\u0301 of two',
  '김철수',
  'ÅNGSTRÖM',
  '👩🏽‍🎓 scholar',
  'مريم',
  '  two  spaces  ',
];

let folder: string;
let postgres: TestDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'student-auth-'));
  postgres = await createTestDatabase('postgres');
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await postgres.drop();
});

const sqlite = (name: string): string => `sqlite:${join(folder, name)}`;
const envOf = (databaseUrl: string): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  JWT_SECRET: TEST_SECRET,
  THROTTLE: 'off',
});

async function run(databaseUrl: string, ...parameters: string[]): Promise<Ended> {
  const ended = await runToEnd(['dist/src/cli.js', ...parameters], { env: envOf(databaseUrl) });
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  return ended;
}

/** Everything that an export carries: odd names, both roles, every kind of hash, and those nobody can log in with. */
function makeFlaskFile(file: string): number {
  const students = [
    ...ODD_NAMES.map((name, n) => ({ name, hash: WERKZEUG_HASHES[n % WERKZEUG_HASHES.length]?.hash })),
    ...WERKZEUG_HASHES.map(({ hash }, n) => ({ name: `hash${n}`, hash })),
    { name: 'open', hash: 'plain$$secret' },
    { name: 'broken', hash: 'sha256$nothing' },
    { name: 'costly', hash: `pbkdf2:sha256:999999999$ab$${'0'.repeat(64)}` },
  ];
  const flask = new Sqlite(file);
  flask.exec('CREATE TABLE student (id INTEGER PRIMARY KEY, public_id, name, email, password, role)');
  const insert = flask.prepare(
    'INSERT INTO student (public_id, name, email, password, role) VALUES (?, ?, ?, ?, ?)',
  );
  for (const [n, { name, hash }] of students.entries())
    insert.run(`id-${n}`, name, `O'Neil+${n}@Example.org`, hash, n % 5 ? 'user' : 'admin');
  flask.close();
  return students.length;
}

/** What a database holds, in both formats. */
async function exportBoth(databaseUrl: string, name: string): Promise<{ csv: string; ndjson: string }> {
  const files = { csv: join(folder, `${name}.csv`), ndjson: join(folder, `${name}.ndjson`) };
  for (const [format, file] of Object.entries(files)) {
    // A file that was there keeps neither its content nor its mode.
    writeFileSync(file, 'old');
    chmodSync(file, 0o644);
    await run(databaseUrl, 'export', '--with-hashes', '--format', format, file);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  }
  return files;
}

const read = (file: string): string => readFileSync(file, 'utf8');

it('students go from SQLite to Postgres as CSV and back as NDJSON, come out byte for byte, and log in', async () => {
  const flask = join(folder, 'flask.db');
  const students = makeFlaskFile(flask);
  const all = `${students + 1} imported, 0 already there, 0 rejected`;
  const [first, second] = [sqlite('first.db'), sqlite('second.db')];
  await run(first, 'import:flask', flask);
  const server = await startServer(envOf(first));
  const kim = await new Client(server.url).enrol({ name: 'Kim', password: 'cafe\u0301 au lait' });
  await server.stop();

  const before = await exportBoth(first, 'before');
  expect((await run(postgres.url, 'import:csv', before.csv)).stdout).toContain(all);
  const between = await exportBoth(postgres.url, 'between');
  expect((await run(second, 'import:csv', between.ndjson)).stdout).toContain(all);
  const after = await exportBoth(second, 'after');
  expect(read(before.csv)).toContain('$argon2id$');
  for (const { csv, ndjson } of [between, after]) {
    expect(read(csv)).toBe(read(before.csv));
    expect(read(ndjson)).toBe(read(before.ndjson));
  }

  for (const databaseUrl of [postgres.url, second]) {
    const arrived = await startServer(envOf(databaseUrl));
    const client = new Client(arrived.url);
    const token = await client.tokenOf('Kim', kim.password);
    expect((await client.get('/me', token)).json).toMatchObject({
      student: { public_id: kim.publicId, name: 'Kim', role: 'user' },
    });
    const logins = WERKZEUG_HASHES.map(({ password }, n) => client.login(`hash${n}`, password));
    for (const answer of await Promise.all(logins)) expect(answer.status).toBe(200);
    expect((await client.login('=1+1', WERKZEUG_HASHES[0]?.password ?? '')).status).toBe(200);
    for (const name of ['open', 'broken', 'costly'])
      expect((await client.login(name, 'secret')).status).toBe(401);
    await arrived.stop();
  }
}, 180_000);
