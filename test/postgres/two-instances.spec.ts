import { aStudent, type StudentFields } from '../factories/student.js';
import { type Answer, Client, type Member } from '../support/client.js';
import { type ServerProcess, startServer } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { COULD_NOT_VERIFY, saying, TOKEN_INVALID, told, TOO_MANY } from '../support/told.js';
import { onPostgres, type PostgresClient } from '../support/postgres-client.js';
import { openSession, pairOf, refresh, sessionIdOf } from '../support/token-pairs.js';

const SPENT = saying(401, 'Refresh token is invalid!');

/** Two processes of the built server on one Postgres, as a balancer would have them behind it. */
let database: TestDatabase;
let servers: ServerProcess[];
let clients: Client[];
let postgres: PostgresClient;
let a: Client;
let b: Client;

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  postgres = await onPostgres(database.url);
  // Each request of these tests could come from anywhere: a proxy on this machine says from where.
  const env = { DATABASE_URL: database.url, TRUST_PROXY: '1' };
  servers = await Promise.all([startServer(env), startServer(env)]);
  clients = servers.map(({ url }) => new Client(url));
  [a, b] = clients as [Client, Client];
});

afterAll(async () => {
  for (const server of servers) expect(await server.stop()).toBe(0);
  await postgres.end();
  await database.drop();
});

const from = (ip: string): Record<string, string> => ({ 'x-forwarded-for': ip });
const logIn = (client: Client, { name, password }: Pick<StudentFields, 'name' | 'password'>, ip: string) =>
  client.send('POST', '/login', { json: { name, password }, headers: from(ip) });
/** The n-th of many requests goes to one of the two in turn. */
const inTurn = (n: number): Client => clients[n % 2] as Client;

function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe('throttle budgets of two processes', () => {
  it('are one: failures that one has seen are refused by the other', async () => {
    const kim = await a.enrol();
    const ip = '192.0.2.1';
    const wrong = { name: kim.name, password: 'wrong' };
    for (let n = 0; n < 6; n += 1) expect(told(await logIn(a, wrong, ip))).toEqual(COULD_NOT_VERIFY);
    for (let n = 0; n < 4; n += 1) expect(told(await logIn(b, wrong, ip))).toEqual(COULD_NOT_VERIFY);
    for (const client of clients) {
      expect(told(await logIn(client, wrong, ip))).toEqual(TOO_MANY);
      // In another form of the name, with the right password too.
      expect(told(await logIn(client, { ...kim, name: ` ${kim.name.toUpperCase()}` }, ip))).toEqual(TOO_MANY);
      expect((await logIn(client, kim, '192.0.2.2')).status).toBe(200);
    }
  });

  it('let through exactly ten guesses of sixty that come to both at once', async () => {
    const lee = await a.enrol();
    const wrong = { name: lee.name, password: 'wrong' };
    const guesses = Array.from({ length: 60 }, (_, n) => logIn(inTurn(n), wrong, '192.0.2.3'));
    expect(tally(await Promise.all(guesses))).toEqual({ 401: 10, 429: 50 });
  });

  it('begin afresh on both after a success on one', async () => {
    const park = await a.enrol();
    const ip = '192.0.2.4';
    const wrong = { name: park.name, password: 'wrong' };
    for (let n = 0; n < 9; n += 1) await logIn(b, wrong, ip);
    expect((await logIn(a, park, ip)).status).toBe(200);
    const guesses = Array.from({ length: 20 }, (_, n) => logIn(inTurn(n), wrong, ip));
    expect(tally(await Promise.all(guesses))).toEqual({ 401: 10, 429: 10 });
  });

  it('admit a hundred failures from one address, whichever it asks', async () => {
    const guesses = Array.from({ length: 120 }, (_, n) =>
      logIn(inTurn(n), { name: `nobody${n}`, password: 'wrong' }, '192.0.2.5'),
    );
    expect(tally(await Promise.all(guesses))).toEqual({ 401: 100, 429: 20 });
  });

  it('admit thirty registrations a minute from one address', async () => {
    const registrations = Array.from({ length: 40 }, (_, n) =>
      inTurn(n).send('POST', '/student', { json: aStudent(), headers: from('192.0.2.6') }),
    );
    expect(tally(await Promise.all(registrations))).toEqual({ 201: 30, 429: 10 });
  });
});

describe('a session that ends on one of two processes', () => {
  let kim: Member;
  beforeEach(async () => {
    kim = await a.join();
    // The other has seen the token, and remembers that its signature is good.
    for (const client of clients) expect((await client.get('/me', kim.token)).status).toBe(200);
  });
  const refusedByBoth = async (): Promise<void> => {
    for (const client of [b, a]) expect(told(await client.get('/me', kim.token))).toEqual(TOKEN_INVALID);
  };

  it('is refused by the other on the very next request: after a logout', async () => {
    expect((await a.send('POST', '/logout', { token: kim.token })).status).toBe(200);
    await refusedByBoth();
  });

  it('after its end by its owner, from another session', async () => {
    const { token } = await openSession(b, kim);
    const id = sessionIdOf(kim.token);
    expect((await a.send('DELETE', `/session/${id}`, { token })).status).toBe(200);
    await refusedByBoth();
    expect((await b.get('/me', token)).status).toBe(200);
  });

  it('after a change of the password', async () => {
    const { token } = await openSession(b, kim);
    const json = { current_password: kim.password, new_password: 'another good horse' };
    const changed = await a.send('PUT', `/student/${kim.publicId}/password`, { token, json });
    expect(changed.status).toBe(200);
    await refusedByBoth();
    expect((await b.get('/me', token)).status).toBe(200);
  });

  it('after a change of the role, which the next login acts in on either', async () => {
    const admin = await a.enrol();
    await postgres.query("UPDATE student SET role = 'admin' WHERE public_id = $1", [admin.publicId]);
    const token = await a.tokenOf(admin.name, admin.password);
    const promoted = await a.send('PATCH', `/student/${kim.publicId}`, { token, json: { role: 'admin' } });
    expect(promoted.status).toBe(200);
    await refusedByBoth();
    kim = { ...kim, token: await a.tokenOf(kim.name, kim.password) };
    expect((await b.get(`/student/${admin.publicId}/session`, kim.token)).status).toBe(200);
  });

  it('after a deletion', async () => {
    const json = { current_password: kim.password };
    const deleted = await a.send('DELETE', `/student/${kim.publicId}`, { token: kim.token, json });
    expect(deleted.status).toBe(200);
    await refusedByBoth();
    expect(told(await b.login(kim.name, kim.password))).toEqual(COULD_NOT_VERIFY);
  });
});

describe('a refresh token that two processes are shown', () => {
  it('gives the same successor on both, and one that both take', async () => {
    const pair = await openSession(a, await a.enrol());
    const successors = (
      await Promise.all(Array.from({ length: 12 }, (_, n) => refresh(inTurn(n), pair.refresh_token)))
    ).map((answer) => pairOf(answer).refresh_token);
    expect(new Set(successors).size).toBe(1);
    const next = pairOf(await refresh(b, successors[0]));
    expect((await a.get('/me', next.token)).status).toBe(200);
  });

  it('ends the whole session everywhere when it comes again after the grace window', async () => {
    const pair = await openSession(a, await a.enrol());
    const next = pairOf(await refresh(a, pair.refresh_token));
    const id = sessionIdOf(pair.token);
    await postgres.query('UPDATE refresh_token SET spent_at = spent_at - 11000 WHERE session_id = $1', [id]);
    expect(told(await refresh(b, pair.refresh_token))).toEqual(SPENT);
    for (const client of clients) {
      expect(told(await client.get('/me', next.token))).toEqual(TOKEN_INVALID);
      expect(told(await refresh(client, next.refresh_token))).toEqual(SPENT);
    }
    const [session] = await postgres.query('SELECT ended_by FROM session WHERE id = $1', [id]);
    expect(session).toEqual({ ended_by: 'rotated-reused' });
  });
});
