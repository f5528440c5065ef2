import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Database } from '../../src/database/database.js';
import { aStudent } from '../factories/student.js';
import { type Answer, Client, type Member } from '../support/client.js';
import { startServer } from '../support/server-process.js';
import { startApp } from '../support/start-app.js';

/** As many pages as SQLite's own default lets a file have. */
const MOST_PAGES = 0xfffffffe;

/** The file may not grow: SQLite then says what it says on a full disk, SQLITE_FULL. */
async function limitPages(database: Database, pages: number): Promise<void> {
  await database.write((manager) => manager.query(`PRAGMA max_page_count = ${pages}`));
}

function expectBusy(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, json: { message: 'The service is busy. Try again later.' } });
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d{0,2}$/);
}

async function expectReads(client: Client, member: Member): Promise<void> {
  const statuses = await Promise.all(
    ['/me', '/student', `/student/${member.publicId}`, '/session', '/health/ready'].map(
      async (path) => (await client.get(path, member.token)).status,
    ),
  );
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
}

describe('a database that can be read but not written', () => {
  it('on a full disk: registrations answer 503, reads and token checks go on, and it mends without a restart', async () => {
    const app = await startApp({ throttle: false });
    const { database } = app;
    const client = new Client(app.url);
    const member = await client.join();
    await limitPages(database, 1);
    // What still fits into pages that are there is accepted; then no more is.
    const accepted: string[] = [];
    let refused = aStudent();
    for (let answer = await client.register(refused); ; answer = await client.register(refused)) {
      if (answer.status !== 201) {
        expectBusy(answer);
        break;
      }
      accepted.push(refused.name);
      refused = aStudent();
    }
    await expectReads(client, member);
    await limitPages(database, MOST_PAGES);
    expect((await client.register(refused)).status).toBe(201);
    for (const name of [...accepted, refused.name])
      expect((await client.login(name, refused.password)).status).toBe(200);
    await app.close();
  });

  it('locked by another program: writes answer 503, reads go on, and it mends by itself', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'student-auth-locked-'));
    const file = join(folder, 'students.db');
    const server = await startServer({ DATABASE_URL: `sqlite:${file}` });
    const client = new Client(server.url);
    const member = await client.join({ password: '1234' });
    const student = aStudent({ password: '1234' });

    const other = new Sqlite(file);
    other.exec('BEGIN IMMEDIATE');
    const writes = Promise.all([client.register(student), client.login(member.name, member.password)]);
    await expectReads(client, member);
    for (const answer of await writes) expectBusy(answer);
    await expectReads(client, member);
    other.exec('ROLLBACK');
    other.close();

    expect((await client.register(student)).status).toBe(201);
    expect((await client.login(member.name, member.password)).status).toBe(200);
    expect(await server.stop()).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });
});
