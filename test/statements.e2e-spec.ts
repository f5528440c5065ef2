import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { AuditRetention } from '../src/audit/audit-retention.service.js';
import { diagnose } from '../src/cli/doctor/diagnose.js';
import { openDatabase } from '../src/database/open-database.js';
import { sqliteParameters } from '../src/database/portable-sql.js';
import { backupSqlite } from '../src/database/sqlite-backup.js';
import { entities } from '../src/entities.js';
import { LiveSessions } from '../src/sessions/live-sessions.service.js';
import { SessionCleanup } from '../src/sessions/session-cleanup.service.js';
import { AdminsService } from '../src/students/admins.service.js';
import { StudentExporter } from '../src/students/export/student-exporter.service.js';
import type { ImportSource } from '../src/students/import/candidate.js';
import { openFlaskSource } from '../src/students/import/flask-source.js';
import { GivenPasswords } from '../src/students/import/given-passwords.service.js';
import { openRosterSource } from '../src/students/import/roster-source.js';
import { StudentImporter } from '../src/students/import/student-importer.service.js';
import { KnownAddressCleanup } from '../src/students/known-address-cleanup.service.js';
import { ThrottleStore } from '../src/throttle/throttle-store.js';
import { Client, type Member } from './support/client.js';
import { sendEveryRequest } from './support/every-request.js';
import { makeAdmin } from './support/make-admin.js';
import { BUSY_STUDENT, fillWithStudents } from './support/many-students.js';
import { openPlanner, type Planner } from './support/query-plans.js';
import { routesOf } from './support/routes.js';
import { sentStatements, type Statement } from './support/sent-statements.js';
import { startApp, type TestApp } from './support/start-app.js';
import { createTestDatabase, databaseKind, type TestDatabase } from './support/test-database.js';

const FLASK = join(import.meta.dirname, 'data', 'flask', 'test.db');
const OPERATOR = { actor: 'command line', ip: 'command line', userAgent: 'a command', requestId: 'a-test' };

/** A row for each migration there has been, for each import under way, for each table that counts its ids. */
const SMALL_TABLES = new Set(['migrations', 'import_run', 'sqlite_sequence']);

/** What reads everything because that is what it is for. */
const BY_NATURE: readonly RegExp[] = [
  // A backup is a copy of the whole file; the server goes on meanwhile.
  /^VACUUM INTO /,
];

const PLANNED = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/i;

let testDatabase: TestDatabase;
let test: TestApp;
let planner: Planner;
let sent: Statement[];
let growing: string[];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await fillWithStudents(testDatabase);
  // From here on: a start on a schema that is up to date is among what is looked at.
  sent = sentStatements(testDatabase.settings);
  test = await startApp({}, testDatabase);
  planner = await openPlanner(testDatabase.settings);
  growing = await growingTables();
  await sendEveryRequest(test);
  await runEveryJob();
  await runEveryCommand();
}, 180_000);

afterAll(async () => {
  jest.restoreAllMocks();
  await planner.close();
  await test.close();
  await testDatabase.drop();
});

async function growingTables(): Promise<string[]> {
  const sql =
    databaseKind === 'sqlite'
      ? `SELECT name FROM sqlite_master WHERE type = 'table'`
      : `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
  const tables = await test.database.query<{ name: string }>(sql);
  return tables.map(({ name }) => name).filter((name) => !SMALL_TABLES.has(name));
}

async function runEveryJob(): Promise<void> {
  await test.app.get(SessionCleanup).run();
  await test.app.get(AuditRetention).run();
  await test.app.get(KnownAddressCleanup).tick();
  await test.app.get(LiveSessions).refresh();
  const { registrations } = test.app.get(ThrottleStore);
  // The library's own, every five minutes.
  if ('clearExpired' in registrations)
    await (registrations.clearExpired as (before: number) => Promise<void>)(Date.now());
}

async function runEveryCommand(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'student-auth-'));
  const of = <T>(service: abstract new (...args: never[]) => T): T =>
    test.app.get<T>(service, { strict: false });
  try {
    const flask = () => openFlaskSource(FLASK, { emailDomain: undefined, renameDuplicates: true });
    for (const dryRun of [true, false, false]) await importFrom(await flask(), dryRun);
    await new Client(test.url).tokenOf('kyunghwan1', '1234');
    const roster = join(folder, 'class.csv');
    writeFileSync(
      roster,
      'name,email,password\nkyunghwan1,another@example.org,\nnewcomer,newcomer@example.org,\n',
    );
    const options = { passwordMinLength: 8, hashConcurrency: 2, makePasswords: true };
    await importFrom(await openRosterSource(roster, options), false);
    await of(GivenPasswords).logsIn({ name: 'newcomer', email: 'newcomer@example.org', password: 'a guess' });
    const teacher = { name: 'teacher', email: 'teacher@example.org', password: 'correct horse battery' };
    for (const outcome of ['created', 'promoted'])
      expect(await of(AdminsService).createOrPromote(teacher, OPERATOR)).toBe(outcome);
    for await (const { name } of of(StudentExporter).students(true)) if (name === 'newcomer') break;
    const findings = await diagnose(test.settings, test.clock);
    expect(findings.filter(({ status }) => status === 'fail')).toEqual([]);
    await (await openDatabase(testDatabase.settings, entities)).database.close();
    if (testDatabase.settings.kind === 'sqlite')
      backupSqlite(testDatabase.settings.file, join(folder, 'backup.db'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function importFrom(source: ImportSource, dryRun: boolean): Promise<void> {
  const options = { caller: OPERATOR, dryRun, renameDuplicates: true };
  await test.app.get(StudentImporter, { strict: false }).run(source, options);
  source.close();
}

/** Each text with each set of values once. */
function distinct(statements: readonly Statement[]): Statement[] {
  return [...new Map(statements.map((each) => [JSON.stringify([each.sql, each.parameters]), each])).values()];
}

function tablesIn(sql: string): string[] {
  return growing.filter((table) => new RegExp(`\\b${table}\\b`).test(sql));
}

/** The faults of the statements on growing tables, with what was sent. */
async function faultsOf(statements: readonly Statement[]): Promise<string[]> {
  const found = new Set<string>();
  for (const statement of distinct(statements)) {
    const { sql } = statement;
    if (tablesIn(sql).length === 0 || BY_NATURE.some((pattern) => pattern.test(sql))) continue;
    const faults = PLANNED.test(sql) ? (await planner.planOf(statement)).faults : ['no plan'];
    for (const fault of faults) found.add(`${fault}: ${sql.replace(/\s+/g, ' ').trim().slice(0, 300)}`);
  }
  return [...found];
}

describe('every statement that the program sends', () => {
  it('reads each table by an index, and sorts none', async () => {
    expect(await faultsOf(sent)).toEqual([]);
  });

  it('has been seen: by every route, and of every table', () => {
    const walked = new Set(
      test
        .logged()
        .filter(({ msg }) => msg === 'request')
        .map(({ method, route }) => `${String(method)} ${String(route)}`),
    );
    // Fastify adds a HEAD to each GET, which does the same.
    const missing = routesOf(test).filter((route) => !walked.has(route.replace(/^HEAD/, 'GET')));
    expect(missing.filter((route) => !/ \/docs|^OPTIONS/.test(route))).toEqual([]);
    const seen = new Set(sent.flatMap(({ sql }) => tablesIn(sql)));
    expect(growing.filter((table) => !seen.has(table))).toEqual([]);
    expect(growing.length).toBeGreaterThanOrEqual(6);
  });

  it.each([
    'SELECT id FROM student WHERE name = $1',
    'SELECT key FROM login_key WHERE role = $1 ORDER BY key',
    'SELECT id FROM session WHERE student_id > 0 AND ip <> $1 ORDER BY last_used_at LIMIT 1',
    'SELECT count(*) FROM audit_event WHERE id > 0 OR actor = $1',
  ])('would be caught if it read the whole table: %s', async (sql) => {
    const before = sent.length;
    await test.database.query(sql, ['x']);
    expect(await faultsOf(sent.slice(before))).not.toEqual([]);
  });

  it('would be caught in a transaction too', async () => {
    const before = sent.length;
    await test.database.write((manager) =>
      test.database.executeWith(manager, 'DELETE FROM refresh_token WHERE successor = $1', ['x']),
    );
    expect(await faultsOf(sent.slice(before))).not.toEqual([]);
  });
});

describe('a list that holds little of much', () => {
  let admin: Member;
  beforeAll(async () => {
    const client = new Client(test.url);
    admin = await client.join();
    await makeAdmin(test, admin.publicId);
  });

  it.each([
    ['/student?role=admin', /student_role/],
    ['/student?q=s&role=admin', /login_key_of_admin/],
    [`/audit?student=${BUSY_STUDENT}`, /audit_event_of_student\b/],
    [`/audit?student=${BUSY_STUDENT}&action=logout`, /audit_event_of_student_and_action/],
    [
      `/audit?student=${BUSY_STUDENT}&action=logout&since=2020-01-01T00:00:00Z`,
      /audit_event_of_student_and_action/,
    ],
    ['/audit?action=role-changed', /audit_event_of_action/],
    ['/audit?since=2999-01-01T00:00:00Z', /audit_event_time/],
    ['/session', /session_(?:live|of_student)/],
  ])('goes by an index of what is asked for: %s', async (path, index) => {
    const query = jest.spyOn(test.database, 'query');
    expect((await new Client(test.url).get(path, admin.token)).status).toBe(200);
    const steps: string[] = [];
    for (const [sql, parameters = []] of query.mock.calls) {
      const text = databaseKind === 'sqlite' ? sqliteParameters(sql) : sql;
      steps.push(...(await planner.planOf({ sql: text, parameters })).steps);
    }
    query.mockRestore();
    expect(steps).toContainEqual(expect.stringMatching(index));
  });
});

describe('every foreign key', () => {
  it('has an index on the rows that refer, which go with the row that they refer to', () => {
    // On SQLite the plans above have them among their steps, for the first table of a chain alone.
    const { entityMetadatas } = test.database.reader;
    const columns = entityMetadatas.flatMap(({ tableName, foreignKeys, indices, primaryColumns }) =>
      foreignKeys.map(({ columns: [column] }) => ({
        key: `${tableName}.${column?.databaseName ?? ''}`,
        served: [primaryColumns, ...indices.map((index) => index.columns)].some(
          ([first]) => first === column,
        ),
      })),
    );
    expect(columns).toHaveLength(4);
    expect(columns.filter(({ served }) => !served)).toEqual([]);
  });
});
