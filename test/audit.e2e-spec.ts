import { AdminsService } from '../src/students/admins.service.js';
import { AuditRetention } from '../src/audit/audit-retention.service.js';
import { AUDIT_ACTIONS } from '../src/audit/audit-action.js';
import { openDatabase } from '../src/database/open-database.js';
import { entities } from '../src/entities.js';
import { aStudent } from './factories/student.js';
import type { AuditedRow } from './support/audit-of.js';
import { basic, Client, type Member, nextOf, publicIdOf } from './support/client.js';
import { makeAdmin } from './support/make-admin.js';
import { startApp, type TestApp } from './support/start-app.js';
import { createTestDatabase } from './support/test-database.js';
import { NOT_PERMITTED, TOKEN_MISSING, told } from './support/told.js';
import { openSession, refresh, sessionIdOf, sessionsOf } from './support/token-pairs.js';

interface AuditEvent extends AuditedRow {
  readonly at: string;
}

const DAY = 86_400_000;
const COMMAND_LINE = {
  actor: 'command line',
  ip: 'command line',
  userAgent: 'admin:create',
  requestId: 'x',
};

let test: TestApp;
let client: Client;
let admin: Member;
let kim: Member;

beforeEach(async () => {
  test = await startApp({ throttle: false });
  client = new Client(test.url);
  admin = await client.join();
  await makeAdmin(test, admin.publicId);
  kim = await client.join();
});
afterEach(() => test.close());

async function events(query = '', token = admin.token): Promise<AuditEvent[]> {
  const answer = await client.get(`/audit${query}`, token);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return (answer.json as { events: AuditEvent[] }).events;
}

/** What the work added to the log, in its order: action, actor and student. */
async function added(work: () => Promise<unknown>): Promise<[string, string | null, string | null][]> {
  const before = (await events('?limit=1000')).length;
  await work();
  const after = await events('?limit=1000');
  return after
    .slice(0, after.length - before)
    .reverse()
    .map(({ action, actor, student }) => [action, actor, student]);
}

describe('each action leaves one event', () => {
  it('a registration, by oneself', async () => {
    const student = aStudent();
    const [event, ...more] = await added(() => client.register(student));
    expect(event).toEqual(['registration', null, expect.any(String)]);
    expect(more).toEqual([]);
  });

  it('a registration, by an admin', async () => {
    const closed = await startApp({ throttle: false, registration: 'admins' });
    const door = new Client(closed.url);
    const make = () => closed.app.get(AdminsService).createOrPromote(admin, COMMAND_LINE);
    expect(await make()).toBe('created');
    const token = await door.tokenOf(admin.name, admin.password);
    const student = publicIdOf(await door.register(aStudent(), token));
    expect((await door.register(aStudent(), 'wrong')).status).toBe(401);
    const [event] = ((await door.get('/audit?action=registration', token)).json as { events: AuditEvent[] })
      .events;
    const { public_id: actor } = ((await door.get('/me', token)).json as { student: { public_id: string } })
      .student;
    expect(event).toMatchObject({ action: 'registration', actor, student });
    await closed.close();
  });

  it('a registration that was refused leaves none', async () => {
    expect(await added(() => client.register({ ...aStudent(), name: kim.name }))).toEqual([]);
    expect(await added(() => client.register({}))).toEqual([]);
  });

  it('a login, by either request', async () => {
    const login = [['login', kim.publicId, kim.publicId]];
    expect(await added(() => client.login(kim.name, kim.password))).toEqual(login);
    expect(await added(() => openSession(client, kim))).toEqual(login);
  });

  it('a login that failed, told whose it was, and nobody where the name is nobody’s', async () => {
    const failed = [['login-failed', null, kim.publicId]];
    expect(await added(() => client.login(kim.email, 'wrong'))).toEqual(failed);
    const json = { name: kim.name, password: 'wrong' };
    expect(await added(() => client.send('POST', '/login', { json }))).toEqual(failed);
    const headers = { authorization: basic(kim.name, 'wrong') };
    expect(await added(() => client.send('HEAD', '/login', { headers }))).toEqual(failed);
    expect(await added(() => client.login('nobody', 'wrong'))).toEqual([['login-failed', null, null]]);
  });

  it('a check without a login leaves none, nor does a refresh', async () => {
    const headers = { authorization: basic(kim.name, kim.password) };
    expect(await added(() => client.send('HEAD', '/login', { headers }))).toEqual([]);
    const { refresh_token: token } = await openSession(client, kim);
    expect(await added(() => refresh(client, token))).toEqual([]);
  });

  it('a refresh token shown again', async () => {
    const { refresh_token: token } = await openSession(client, kim);
    await refresh(client, token);
    test.clock.advance(11_000);
    const reuse = ['refresh-reuse', null, kim.publicId];
    expect(await added(() => refresh(client, token))).toEqual([reuse]);
    expect(await added(() => refresh(client, token))).toEqual([]);
  });

  it('a logout', async () => {
    expect(await added(() => client.send('POST', '/logout', { token: kim.token }))).toEqual([
      ['logout', kim.publicId, kim.publicId],
    ]);
  });

  it('sessions that are revoked, by their owner and by an admin', async () => {
    const own = async (path: string) => await client.send('DELETE', path, { token: kim.token });
    const other = async () => sessionIdOf(await client.tokenOf(kim.name, kim.password));
    const [first, second] = [await other(), await other()];
    expect(await added(() => own(`/session/${first}`))).toEqual([
      ['session-revoked', kim.publicId, kim.publicId],
    ]);
    expect(await added(() => own(`/session/${first}`))).toEqual([]);
    const as = async (path: string) => await client.send('DELETE', path, { token: admin.token });
    expect(await added(() => as(`/student/${kim.publicId}/session/${second}`))).toEqual([
      ['session-revoked', admin.publicId, kim.publicId],
    ]);
    expect(await added(() => as(`/student/${kim.publicId}/session`))).toEqual([
      ['sessions-revoked', admin.publicId, kim.publicId],
    ]);
    kim = { ...kim, token: await client.tokenOf(kim.name, kim.password) };
    expect(await added(() => own('/session'))).toEqual([['sessions-revoked', kim.publicId, kim.publicId]]);
  });

  it('a profile and a role that are changed, and none where nothing is', async () => {
    const patch = async (json: object, { token }: Member) =>
      await client.send('PATCH', `/student/${kim.publicId}`, { token, json });
    expect(await added(() => patch({ name: 'Minji' }, kim))).toEqual([
      ['profile-changed', kim.publicId, kim.publicId],
    ]);
    expect(await added(() => patch({ name: 'Minji', role: 'user' }, admin))).toEqual([]);
    expect(await added(() => patch({ role: 'admin' }, admin))).toEqual([
      ['role-changed', admin.publicId, kim.publicId],
    ]);
    expect(await added(() => patch({ name: 'Kim', role: 'user' }, admin))).toEqual([
      ['profile-changed', admin.publicId, kim.publicId],
      ['role-changed', admin.publicId, kim.publicId],
    ]);
  });

  it('a password that is changed, and the current one shown wrong', async () => {
    const put = async (current: string) =>
      await client.send('PUT', `/student/${kim.publicId}/password`, {
        token: kim.token,
        json: { current_password: current, new_password: 'another good one' },
      });
    expect(await added(() => put('wrong'))).toEqual([['confirmation-failed', kim.publicId, kim.publicId]]);
    expect(await added(() => put(kim.password))).toEqual([['password-changed', kim.publicId, kim.publicId]]);
  });

  it('a password that is set by an admin', async () => {
    const path = `/student/${kim.publicId}/password`;
    const json = { new_password: 'another good one' };
    expect(await added(() => client.send('PUT', path, { token: admin.token, json }))).toEqual([
      ['password-changed', admin.publicId, kim.publicId],
    ]);
    expect(await added(() => client.login(kim.name, 'another good one'))).toEqual([
      ['login', kim.publicId, kim.publicId],
    ]);
  });

  it('an e-mail and a deletion that one confirms, and one that is confirmed wrongly', async () => {
    const { publicId, token, password } = kim;
    const path = `/student/${publicId}`;
    const email = (current: string) =>
      client.send('PATCH', path, { token, json: { email: 'new@example.org', current_password: current } });
    const remove = (current: string) =>
      client.send('DELETE', path, { token, json: { current_password: current } });
    const wrong = [['confirmation-failed', publicId, publicId]];
    expect(await added(() => email('wrong'))).toEqual(wrong);
    expect(await added(() => email(password))).toEqual([['profile-changed', publicId, publicId]]);
    expect(await added(() => remove('wrong'))).toEqual(wrong);
    expect(await added(() => remove(password))).toEqual([['student-deleted', publicId, publicId]]);
  });

  it('what is taken back, with all that went with it, leaves none', async () => {
    const path = `/student/${admin.publicId}`;
    const json = { name: 'Another', role: 'user' };
    const demote = async () => {
      expect((await client.send('PATCH', path, { token: admin.token, json })).status).toBe(409);
      const remove = { token: admin.token, json: { current_password: admin.password } };
      expect((await client.send('DELETE', path, remove)).status).toBe(409);
    };
    expect(await added(demote)).toEqual([]);
    expect((await client.get('/me', admin.token)).json).toMatchObject({ student: { name: admin.name } });
  });

  it('a deletion, which keeps what is told of the student under the public_id', async () => {
    const path = `/student/${kim.publicId}`;
    expect(await added(() => client.send('DELETE', path, { token: admin.token }))).toEqual([
      ['student-deleted', admin.publicId, kim.publicId],
    ]);
    const kept = await events(`?student=${kim.publicId}`);
    expect(kept.map(({ action }) => action)).toEqual(['student-deleted', 'login', 'registration']);
    expect(JSON.stringify(kept)).not.toContain(kim.name);
    expect(JSON.stringify(kept)).not.toContain(kim.email);
  });

  it('an admin who is made on the command line', async () => {
    const teacher = aStudent();
    const make = () => test.app.get(AdminsService).createOrPromote(teacher, COMMAND_LINE);
    const created = await added(make);
    expect(created).toEqual([['admin-created', 'command line', expect.any(String)]]);
    expect(await added(make)).toEqual([['admin-promoted', 'command line', created[0]?.[2]]]);
    const [event] = await events();
    expect(event).toMatchObject({ ip: null, user_agent: 'admin:create', request_id: 'x' });
  });
});

describe('an event', () => {
  it('and what it tells of are there together or not at all', async () => {
    const rename = async (from: string, to: string): Promise<void> =>
      await test.database.write(async (manager) => {
        await test.database.executeWith(manager, `ALTER TABLE ${from} RENAME TO ${to}`);
      });
    const { publicId, token, name, password } = kim;
    const pair = await openSession(client, kim);
    await refresh(client, pair.refresh_token);
    test.clock.advance(11_000);
    const path = `/student/${publicId}`;
    const json = { current_password: password, new_password: 'another good one' };
    await rename('audit_event', 'hidden');
    const student = aStudent();
    for (const answer of [
      await client.register(student),
      await client.login(name, password),
      await refresh(client, pair.refresh_token),
      await client.send('PATCH', path, { token, json: { name: 'Another' } }),
      await client.send('PATCH', path, { token: admin.token, json: { role: 'admin' } }),
      await client.send('PUT', `${path}/password`, { token, json }),
      await client.send('DELETE', '/session', { token }),
      await client.send('DELETE', path, { token: admin.token }),
      await client.send('POST', '/logout', { token }),
    ])
      expect(answer.status).toBe(500);
    await rename('hidden', 'audit_event');

    const told = { student: { name, public_id: publicId, role: 'user' } };
    expect((await client.get('/me', token)).json).toMatchObject(told);
    expect((await client.get('/me', pair.token)).status).toBe(200);
    expect(sessionsOf(await client.get('/session', token))).toHaveLength(2);
    expect(await added(() => client.register(student))).toHaveLength(1);
    const deeds = await events(`?student=${publicId}`);
    expect(deeds.map(({ action }) => action)).toEqual(['login', 'login', 'registration']);
  });

  it('says when, from where and in which request, and holds nothing that was typed', async () => {
    const headers = {
      authorization: basic(kim.name, 'a secret of mine'),
      'user-agent': 'a browser',
      'x-request-id': 'request-7',
    };
    await client.send('GET', '/login', { headers });
    const answer = await client.get('/audit?limit=1', admin.token);
    expect(answer.json).toEqual({
      events: [
        {
          at: new Date(test.clock.now()).toISOString(),
          action: 'login-failed',
          actor: null,
          student: kim.publicId,
          ip: '127.0.0.1',
          user_agent: 'a browser',
          request_id: 'request-7',
        },
      ],
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const everything = JSON.stringify(await test.database.query('SELECT * FROM audit_event'));
    for (const secret of ['a secret of mine', kim.name, kim.email, kim.password, kim.token])
      expect(everything).not.toContain(secret);
  });

  it('is removed once it is older than AUDIT_RETENTION, and not before', async () => {
    const count = async () => (await test.database.query('SELECT id FROM audit_event')).length;
    const before = await count();
    test.clock.advance(400 * DAY - 1);
    await test.app.get(AuditRetention).run();
    expect(await count()).toBe(before);
    test.clock.advance(1);
    await test.app.get(AuditRetention).run();
    expect(await count()).toBe(0);
  });
});

describe('GET /audit', () => {
  it('is for admins', async () => {
    expect(told(await client.get('/audit'))).toEqual(TOKEN_MISSING);
    expect(told(await client.get('/audit', kim.token))).toEqual(NOT_PERMITTED);
    expect(told(await client.get('/audit?limit=0', kim.token))).toEqual(NOT_PERMITTED);
  });

  it('tells the newest first, page by page, each once', async () => {
    for (let n = 0; n < 5; n += 1) {
      test.clock.advance(n % 2);
      await client.tokenOf(kim.name, kim.password);
    }
    const all = await events('?limit=1000');
    const paged: AuditEvent[] = [];
    for (let path: string | undefined = '/audit?limit=2'; path !== undefined;) {
      const answer = await client.get(path, admin.token);
      paged.push(...(answer.json as { events: AuditEvent[] }).events);
      path = nextOf(answer);
      // What is added meanwhile is newer than the first page, and stays out.
      await client.tokenOf(kim.name, kim.password);
    }
    expect(paged).toEqual(all);
    expect([...all].sort((a, b) => b.at.localeCompare(a.at))).toEqual(all);
  });

  it('is filtered by student, action and time, alone and together', async () => {
    const registeredAt = new Date(test.clock.now()).toISOString();
    test.clock.advance(5000);
    const later = new Date(test.clock.now()).toISOString();
    await client.login(kim.name, 'wrong');
    await client.login(admin.name, 'wrong');
    const failed = await events('?action=login-failed');
    expect(failed.map(({ student }) => student)).toEqual([admin.publicId, kim.publicId]);
    expect(await events(`?student=${kim.publicId}&action=login-failed`)).toEqual([failed[1]]);
    expect(await events(`?since=${later}`)).toEqual(failed);
    expect(await events(`?student=${kim.publicId}&action=login&since=${later}`)).toEqual([]);
    expect(await events(`?student=${kim.publicId}&action=login&since=${registeredAt}`)).toHaveLength(1);
    expect(await events('?student=nobody')).toEqual([]);
    for (const action of AUDIT_ACTIONS) {
      const found = await events(`?action=${action}`);
      expect(found.every((event) => event.action === action)).toBe(true);
    }
  });

  it.each([
    ['limit=0', 'limit must be a whole number from 1 to 1000'],
    ['limit=1001', 'limit must be a whole number from 1 to 1000'],
    ['cursor=x', 'cursor is not valid'],
    ['action=none', 'action must be an action of the audit log'],
    ['since=yesterday', 'since must be a time as in RFC 3339, such as 2026-01-31T09:30:00Z'],
    ['since=2026-02-30T00:00:00Z', 'since must be a time as in RFC 3339, such as 2026-01-31T09:30:00Z'],
    ['student=a&student=b', 'student must be a public_id'],
  ])('refuses ?%s', async (query, message) => {
    expect(told(await client.get(`/audit?${query}`, admin.token))).toEqual({
      status: 400,
      json: { message },
    });
  });

  it('refuses the cursor of another list', async () => {
    const cursor = new URL(
      nextOf(await client.get('/student?limit=1', admin.token)) ?? '',
      test.url,
    ).searchParams.get('cursor');
    const answer = await client.get(`/audit?cursor=${cursor}`, admin.token);
    expect(told(answer)).toEqual({ status: 400, json: { message: 'cursor is not valid' } });
  });
});

it('failed checks are written by a stop that comes right after them', async () => {
  const database = await createTestDatabase();
  const app = await startApp({ throttle: false }, database);
  await new Client(app.url).login('nobody', 'wrong');
  await app.close();
  const opened = await openDatabase(database.settings, entities);
  const rows = await opened.database.query('SELECT action FROM audit_event');
  await opened.database.close();
  await database.drop();
  expect(rows).toEqual([{ action: 'login-failed' }]);
});

it('failed logins of names that nobody has are kept for a hundred a minute, and counted beyond', async () => {
  const unknown = async () => (await events('?action=login-failed&limit=1000')).length;
  // A few at once: all of them would fill the queue of a slow machine.
  for (let first = 0; first < 105; first += 15) {
    const some = Array.from({ length: 15 }, (_each, n) => client.login(`nobody${first + n}`, 'x'));
    expect(new Set((await Promise.all(some)).map(({ status }) => status))).toEqual(new Set([401]));
  }
  expect(await unknown()).toBe(100);
  test.clock.advance(60_000);
  await client.login('nobody', 'x');
  expect(await unknown()).toBe(101);
  expect(test.logged()).toContainEqual(
    expect.objectContaining({
      msg: 'Failed logins of unknown names beyond what the audit log takes',
      count: 5,
    }),
  );
});
