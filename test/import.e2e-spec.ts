import { join } from 'node:path';
import { openFlaskSource } from '../src/students/import/flask-source.js';
import { StudentExporter } from '../src/students/export/student-exporter.service.js';
import type { ImportSource } from '../src/students/import/candidate.js';
import type { TakenBatch } from '../src/students/import/import-report.js';
import { StudentImporter } from '../src/students/import/student-importer.service.js';
import { Client } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';

const FLASK = join(import.meta.dirname, 'data', 'flask', 'test.db');
const FLASK_OPTIONS = { emailDomain: undefined, renameDuplicates: false };
const OPERATOR = {
  actor: 'command line',
  ip: 'command line',
  userAgent: 'import:flask',
  requestId: 'a-test',
};
const OPTIONS = { caller: OPERATOR, dryRun: false, renameDuplicates: false };

let test: TestApp;
beforeEach(async () => (test = await startApp({ throttle: false })));
afterEach(() => test.close());

async function importWith(open: () => Promise<ImportSource>, options = OPTIONS) {
  const source = await open();
  try {
    return await test.app.get(StudentImporter, { strict: false }).run(source, options);
  } finally {
    source.close();
  }
}

/** Of the audit log, whatever imports left there. */
async function importEvents() {
  return await test.database.query(
    `SELECT actor, student, ip, user_agent, request_id FROM audit_event WHERE action <> 'login' ORDER BY id`,
  );
}

describe("the original app's students", () => {
  it('come in once, in their order, and log in with their old passwords', async () => {
    const open = () => openFlaskSource(FLASK, FLASK_OPTIONS);
    expect(await importWith(open, { ...OPTIONS, dryRun: true })).toMatchObject({ read: 11, imported: 11 });
    expect(await importEvents()).toEqual([]);
    expect(await importWith(open)).toMatchObject({ read: 11, imported: 11, present: 0, rejected: 0 });
    // One for the run, none for each student.
    expect(await importEvents()).toEqual([
      { actor: 'command line', student: null, ip: null, user_agent: 'import:flask', request_id: 'a-test' },
    ]);
    expect(await importWith(open)).toMatchObject({ read: 11, imported: 0, present: 11, rejected: 0 });
    const names: string[] = [];
    for await (const { name } of test.app.get(StudentExporter, { strict: false }).students(false))
      names.push(name);
    expect(names.slice(0, 3)).toEqual(['kyunghwan1', 'minji2', 'pbk3']);
    const client = new Client(test.url);
    const token = await client.tokenOf('kyunghwan1', '1234');
    expect((await client.get('/me', token)).json).toMatchObject({
      student: { public_id: 'b19415c2-4c1f-473f-909e-4ade1725e841' },
    });
    expect((await client.login('broken', 'whatever')).status).toBe(401);
  });

  it('come in from where a broken-off import stopped, without loss or double', async () => {
    const broken = async (): Promise<ImportSource> => {
      const source = await openFlaskSource(FLASK, FLASK_OPTIONS);
      const rows = async function* (after: number) {
        for await (const row of source.rows(after)) {
          if (row.position > 7) throw new Error('the power went out');
          yield row;
        }
      };
      return { ...source, batchSize: 3, rows };
    };
    await expect(importWith(broken)).rejects.toThrow('the power went out');
    expect(await test.database.query('SELECT id FROM student')).toHaveLength(6);
    const done = await importWith(async () => ({
      ...(await openFlaskSource(FLASK, FLASK_OPTIONS)),
      batchSize: 3,
    }));
    expect(done).toMatchObject({ continuedAfter: 6, read: 5, imported: 5, present: 0, rejected: 0 });
    expect(await test.database.query('SELECT source FROM import_run')).toEqual([]);
  });

  it('yield to who registered a name before them', async () => {
    await new Client(test.url).enrol({ name: 'MinJi2', email: 'other@example.org' });
    const told: string[] = [];
    const source = await openFlaskSource(FLASK, FLASK_OPTIONS);
    const options = {
      ...OPTIONS,
      afterCommit: ({ rejects }: TakenBatch) =>
        void told.push(...rejects.map(({ name, reason }) => `${name}: ${reason}`)),
    };
    const done = await test.app.get(StudentImporter, { strict: false }).run(source, options);
    source.close();
    expect(done).toMatchObject({ imported: 10, rejected: 1 });
    expect(told).toEqual(['minji2: name is already taken']);
  });
});
