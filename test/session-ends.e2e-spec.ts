import { jest } from '@jest/globals';
import { PasswordHasher } from '../src/passwords/password-hasher.js';
import { SessionCleanup } from '../src/sessions/session-cleanup.service.js';
import type { StudentFields } from './factories/student.js';
import { Client } from './support/client.js';
import { makeAdmin } from './support/make-admin.js';
import { startApp, type TestApp } from './support/start-app.js';
import {
  openSession,
  refresh,
  type SessionEntry,
  sessionIdOf,
  sessionsOf,
  type TokenPair,
} from './support/token-pairs.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const INVALID = { message: 'Token is invalid!' };

let test: TestApp;
let client: Client;
let admin: StudentFields & { readonly publicId: string };

beforeAll(async () => {
  test = await startApp({ throttle: false });
  client = new Client(test.url);
  admin = await client.enrol();
  await makeAdmin(test, admin.publicId);
});
afterAll(() => test.close());
afterEach(() => jest.restoreAllMocks());

const iso = (ms: number): string => new Date(ms).toISOString();
const asAdmin = (): Promise<string> => client.tokenOf(admin.name, admin.password);

type Enrolled = StudentFields & { readonly publicId: string };

async function listAsAdmin(student: Enrolled, query = '?ended=true'): Promise<SessionEntry[]> {
  return sessionsOf(await client.get(`/student/${student.publicId}/session${query}`, await asAdmin()));
}

async function endOf(student: Enrolled, token: string): Promise<SessionEntry | undefined> {
  return (await listAsAdmin(student)).find(({ id }) => id === sessionIdOf(token));
}

async function isRefused(token: string): Promise<void> {
  const answer = await client.get('/me', token);
  expect([answer.status, answer.json]).toEqual([401, INVALID]);
}

/** Each kind of end: what brings it about for the session of `pair`, under a request id. */
const ENDS: Record<string, (student: Enrolled, pair: TokenPair, id: string) => Promise<number>> = {
  'rotated-reused': async (_student, { refresh_token: token }, id) => {
    await refresh(client, token);
    test.clock.advance(10 * SECOND);
    return (await refresh(client, token, { 'x-request-id': id })).status;
  },
  logout: async (_student, { token }, id) =>
    (await client.send('POST', '/logout', { token, headers: { 'x-request-id': id } })).status,
  owner: async (student, { token }, id) =>
    (
      await client.send('DELETE', `/session/${sessionIdOf(token)}`, {
        token: await client.tokenOf(student.name, student.password),
        headers: { 'x-request-id': id },
      })
    ).status,
  admin: async (student, { token }, id) =>
    (
      await client.send('DELETE', `/student/${student.publicId}/session/${sessionIdOf(token)}`, {
        token: await asAdmin(),
        headers: { 'x-request-id': id },
      })
    ).status,
  password: async (student, _pair, id) =>
    (
      await client.send('PUT', `/student/${student.publicId}/password`, {
        token: await client.tokenOf(student.name, student.password),
        headers: { 'x-request-id': id },
        json: { current_password: student.password, new_password: 'another horse battery' },
      })
    ).status,
  role: async (student, _pair, id) =>
    (
      await client.send('PATCH', `/student/${student.publicId}`, {
        token: await asAdmin(),
        headers: { 'x-request-id': id },
        json: { role: 'admin' },
      })
    ).status,
  deletion: async (student, _pair, id) =>
    (
      await client.send('DELETE', `/student/${student.publicId}`, {
        token: await asAdmin(),
        headers: { 'x-request-id': id },
      })
    ).status,
};

describe.each(Object.keys(ENDS))('a session that ends by %s', (by) => {
  it('is refused on the very next request, and the log tells why', async () => {
    const student = await client.enrol();
    const pair = await openSession(client, student);
    expect((await client.get('/me', pair.token)).status).toBe(200);
    const status = await ENDS[by]?.(student, pair, `end-by-${by}`);
    expect(status).toBe(by === 'rotated-reused' ? 401 : 200);
    await isRefused(pair.token);
    expect((await refresh(client, pair.refresh_token)).status).toBe(401);

    const told = test
      .logged()
      .filter(({ requestId, sessions }) => requestId === `end-by-${by}` && sessions !== undefined);
    expect(told).toEqual([
      expect.objectContaining({
        level: by === 'rotated-reused' ? 40 : 30,
        msg: 'Session ended',
        by,
        sessions: [sessionIdOf(pair.token)],
        studentId: expect.any(Number) as number,
        ip: '127.0.0.1',
      }),
    ]);
  });

  if (by === 'deletion') return;
  it('is shown to admins with ?ended=true', async () => {
    const student = await client.enrol();
    const pair = await openSession(client, student);
    await ENDS[by]?.(student, pair, `shown-${by}`);
    const endedAt = iso(test.clock.now());
    expect(await endOf(student, pair.token)).toMatchObject({ ended_at: endedAt, ended_by: by });
    const live = await listAsAdmin(student, '');
    expect(live.map(({ id }) => id)).not.toContain(sessionIdOf(pair.token));
    for (const entry of live) expect(entry).not.toHaveProperty('ended_at');
  });
});

describe('a session that expires', () => {
  it('is shown with the moment of its expiry, before and after the clean-up has written it down', async () => {
    const student = await client.enrol();
    const pair = await openSession(client, student);
    const expiry = iso(test.clock.now() + 30 * DAY);
    test.clock.advance(30 * DAY + 7 * SECOND);
    const expected = { expires_at: expiry, ended_at: expiry, ended_by: 'expired' };
    expect(await endOf(student, pair.token)).toMatchObject(expected);
    await test.app.get(SessionCleanup).run();
    expect(await endOf(student, pair.token)).toMatchObject(expected);
    expect(test.logged()).toContainEqual(
      expect.objectContaining({ msg: 'Session ended', by: 'expired', sessions: [sessionIdOf(pair.token)] }),
    );
  });

  it('keeps its first end: what comes later does not change it', async () => {
    const student = await client.enrol();
    const pair = await openSession(client, student);
    await client.send('POST', '/logout', { token: pair.token });
    const end = await endOf(student, pair.token);
    test.clock.advance(SECOND);
    await client.send('DELETE', `/student/${student.publicId}/session`, { token: await asAdmin() });
    await refresh(client, pair.refresh_token);
    test.clock.advance(29 * DAY);
    await test.app.get(SessionCleanup).run();
    expect(await endOf(student, pair.token)).toEqual(end);
    expect(end).toMatchObject({ ended_by: 'logout' });
  });
});

describe('a password change', () => {
  it('ends all sessions but the one that made it', async () => {
    const student = await client.enrol();
    const [here, elsewhere] = [await openSession(client, student), await openSession(client, student)];
    await client.send('PUT', `/student/${student.publicId}/password`, {
      token: here.token,
      json: { current_password: student.password, new_password: 'another horse battery' },
    });
    expect((await client.get('/me', here.token)).status).toBe(200);
    expect((await refresh(client, here.refresh_token)).status).toBe(200);
    await isRefused(elsewhere.token);
    expect((await refresh(client, elsewhere.refresh_token)).status).toBe(401);
  });

  it.each(['GET', 'POST'])('leaves no session to a %s /login that was under way', async (method) => {
    const student = await client.enrol();
    const hasher = test.app.get(PasswordHasher);
    const verify = hasher.verify.bind(hasher);
    let reached = (): void => undefined;
    const checked = new Promise<void>((resolve) => (reached = resolve));
    let release = (): void => undefined;
    const changed = new Promise<void>((resolve) => (release = resolve));
    jest.spyOn(hasher, 'verify').mockImplementationOnce(async (...shown) => {
      const verdict = await verify(...shown);
      reached();
      await changed;
      return verdict;
    });
    const headers = {
      authorization: `Basic ${Buffer.from(`${student.name}:${student.password}`).toString('base64')}`,
    };
    const login = client.send(method, '/login', { headers });
    await checked;
    const change = await client.send('PUT', `/student/${student.publicId}/password`, {
      token: await asAdmin(),
      json: { new_password: 'another horse battery' },
    });
    expect(change.status).toBe(200);
    release();
    const answer = await login;
    expect([answer.status, answer.json]).toEqual([401, { message: 'Could not verify' }]);
    expect(await listAsAdmin(student)).toEqual([]);
  });

  it('leaves no session of the old password, however many logins arrive at once with it', async () => {
    const student = await client.enrol();
    const token = await asAdmin();
    const logins = Array.from({ length: 8 }, () =>
      client.send('POST', '/login', { json: { name: student.name, password: student.password } }),
    );
    const [change, ...answers] = await Promise.all([
      client.send('PUT', `/student/${student.publicId}/password`, {
        token,
        json: { new_password: 'another horse battery' },
      }),
      ...logins,
    ]);
    expect(change.status).toBe(200);
    for (const { status } of answers) expect([200, 401]).toContain(status);
    expect(await listAsAdmin(student, '')).toEqual([]);
  });
});

describe('a role change', () => {
  it('lets the next login act in the new role', async () => {
    const student = await client.join();
    await client.send('PATCH', `/student/${student.publicId}`, {
      token: await asAdmin(),
      json: { role: 'admin' },
    });
    await isRefused(student.token);
    const { token } = await openSession(client, student);
    expect((await client.get(`/student/${admin.publicId}/session`, token)).status).toBe(200);
  });

  it('to the role one has already ends nothing', async () => {
    const student = await client.join();
    const json = { role: 'user' };
    await client.send('PATCH', `/student/${student.publicId}`, { token: await asAdmin(), json });
    expect((await client.get('/me', student.token)).status).toBe(200);
  });
});
