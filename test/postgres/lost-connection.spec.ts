import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { aStudent } from '../factories/student.js';
import { type Answer, basic, Client, type Member } from '../support/client.js';
import { startApp, type TestApp } from '../support/start-app.js';
import { TcpRelay } from '../support/tcp-relay.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { COULD_NOT_VERIFY, saying, told } from '../support/told.js';

const BUSY = saying(503, 'The service is busy. Try again later.');

let database: TestDatabase;
let relay: TcpRelay;
let test: TestApp;
let client: Client;
let kim: Member;

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  const url = new URL(database.url);
  relay = new TcpRelay({ host: url.hostname, port: Number(url.port) });
  url.host = `127.0.0.1:${await relay.open()}`;
  test = await startApp(
    { throttle: false },
    { ...database, settings: { kind: 'postgres', url: url.href }, url: url.href },
  );
  client = new Client(test.url);
  kim = await client.join();
});

afterAll(async () => {
  await test.close();
  await relay.cut();
  await database.drop();
});

function busy(answer: Answer): void {
  expect(told(answer)).toEqual(BUSY);
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d{0,2}$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

/** What each kind of request is answered, all sent at once. */
const everything = (): Promise<Answer[]> =>
  Promise.all([
    client.get('/student', kim.token),
    client.get(`/student/${kim.publicId}`, kim.token),
    client.get('/me', kim.token),
    client.login(kim.name, kim.password),
    client.send('POST', '/login', { json: { name: kim.name, password: kim.password } }),
    client.send('POST', '/token/refresh', { json: { refresh_token: randomBytes(32).toString('base64url') } }),
    client.register(aStudent()),
    client.send('PATCH', `/student/${kim.publicId}`, { token: kim.token, json: { name: kim.name } }),
    client.get('/health/ready'),
  ]);

describe('a Postgres whose connections break', () => {
  it('answers 503 while it is away, says so to the balancer, and goes on by itself when it is back', async () => {
    await relay.cut();
    for (const answer of await everything()) busy(answer);
    expect(
      (await client.send('HEAD', '/login', { headers: { authorization: basic('a', 'b') } })).status,
    ).toBe(503);
    // What needs no database is answered as ever.
    expect((await client.get('/health/live')).status).toBe(200);
    expect((await client.get('/nowhere')).status).toBe(404);
    expect((await client.get('/student')).status).toBe(401);
    expect((await client.register({})).status).toBe(400);
    expect(told(await client.login('', 'x'))).toEqual(COULD_NOT_VERIFY);

    await relay.open();
    expect((await client.get('/health/ready')).status).toBe(200);
    expect((await client.get('/me', kim.token)).status).toBe(200);
    const lee = await client.join();
    expect((await client.get(`/student/${lee.publicId}`, kim.token)).status).toBe(200);
  });

  it('loses nothing that it has acknowledged, and leaves nothing half done, when it breaks in the middle', async () => {
    const students = Array.from({ length: 40 }, () => aStudent());
    const answers = students.map((student) => client.register(student));
    await Promise.race(answers);
    await relay.cut();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    await relay.open();
    expect(statuses.every((status) => status === 201 || status === 503)).toBe(true);
    for (const [index, { name, password }] of students.entries()) {
      const found = (await client.login(name, password)).status;
      if (statuses[index] === 201) expect(found).toBe(200);
      else expect([200, 401]).toContain(found);
    }
    const [counted] = await test.database.query<{ odd: string }>(
      'SELECT count(*) AS odd FROM student st WHERE (SELECT count(*) FROM login_key k WHERE k.student_id = st.id) <> 2',
    );
    expect(Number(counted?.odd)).toBe(0);
  });

  it('is served again at once when the server has ended every session, as at a restart', async () => {
    const administrator = new pg.Client({ connectionString: database.url });
    await administrator.connect();
    // Each is waited for: one that ended later could break the second request as well.
    await administrator.query(
      'SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await administrator.end();
    const first = await client.get('/me', kim.token);
    if (first.status !== 200) busy(first);
    expect((await client.get('/me', kim.token)).status).toBe(200);
    expect((await client.get('/health/ready')).status).toBe(200);
  });

  it('tells the log what happened, without what was asked', () => {
    const faults = test.logged().filter(({ failure }) => failure === 'unavailable');
    expect(faults.length).toBeGreaterThan(0);
    const log = JSON.stringify(test.logged());
    expect(log).not.toContain(kim.token);
    expect(log).not.toContain(kim.password);
    expect(test.logged().filter(({ failure }) => failure === 'internal')).toEqual([]);
  });
});
