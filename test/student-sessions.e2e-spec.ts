import { aStudent, type StudentFields } from './factories/student.js';
import { Client, nextOf, publicIdOf } from './support/client.js';
import { makeAdmin } from './support/make-admin.js';
import { startApp, type TestApp } from './support/start-app.js';
import { openSession, type SessionEntry, sessionIdOf, sessionsOf } from './support/token-pairs.js';

const SECOND = 1000;

type Enrolled = StudentFields & { readonly publicId: string };

describe("an admin's view of a student's sessions", () => {
  let test: TestApp;
  let client: Client;
  let admin: Enrolled;

  beforeAll(async () => {
    test = await startApp({ throttle: false });
    client = new Client(test.url);
    admin = await client.enrol();
    await makeAdmin(test, admin.publicId);
  });
  afterAll(() => test.close());

  const asAdmin = (): Promise<string> => client.tokenOf(admin.name, admin.password);

  async function listAsAdmin(student: Enrolled, query: string): Promise<SessionEntry[]> {
    return sessionsOf(await client.get(`/student/${student.publicId}/session${query}`, await asAdmin()));
  }

  it('lists the live ones; `current` is the admin’s own session alone', async () => {
    const student = await client.enrol();
    const pair = await openSession(client, student);
    const [entry, ...more] = await listAsAdmin(student, '');
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ id: sessionIdOf(pair.token), current: false });
    const own = await listAsAdmin(admin, '?limit=1000');
    expect(own.filter(({ current }) => current)).toHaveLength(1);
  });

  it('ends one or all of them', async () => {
    const student = await client.enrol();
    const pairs = [];
    for (let n = 0; n < 3; n += 1) pairs.push(await openSession(client, student));
    const path = `/student/${student.publicId}/session`;
    const token = await asAdmin();
    const one = await client.send('DELETE', `${path}/${sessionIdOf(pairs[0]?.token ?? '')}`, { token });
    expect([one.status, one.json]).toEqual([200, { message: 'Session revoked!' }]);
    expect((await client.get('/me', pairs[0]?.token)).status).toBe(401);
    expect((await client.get('/me', pairs[1]?.token)).status).toBe(200);
    const headers = { 'x-request-id': 'all-of-them' };
    const all = await client.send('DELETE', path, { token, headers });
    expect([all.status, all.json]).toEqual([200, { message: 'All sessions revoked!' }]);
    for (const pair of pairs) expect((await client.get('/me', pair.token)).status).toBe(401);
    expect((await client.get('/me', token)).status).toBe(200);
    const line = test.logged().find(({ requestId, by }) => requestId === 'all-of-them' && by === 'admin');
    expect(new Set(line?.['sessions'] as string[])).toEqual(
      new Set(pairs.slice(1).map((pair) => sessionIdOf(pair.token))),
    );
  });

  it('is read in pages that keep ?ended=true', async () => {
    const student = await client.enrol();
    for (let n = 0; n < 3; n += 1) {
      const { token } = await openSession(client, student);
      if (n > 0) await client.send('POST', '/logout', { token });
      test.clock.advance(SECOND);
    }
    const token = await asAdmin();
    const seen: SessionEntry[] = [];
    let next: string | undefined = `/student/${student.publicId}/session?ended=true&limit=1`;
    while (next !== undefined) {
      const answer = await client.get(next, token);
      seen.push(...sessionsOf(answer));
      next = nextOf(answer);
    }
    expect(seen.map(({ ended_by }) => ended_by)).toEqual(['logout', 'logout', undefined]);
  });

  it.each(['?ended=yes', '?ended=', '?ended=TRUE', '?limit=0', '?cursor=x'])(
    'answers 400 to %s',
    async (query) => {
      const answer = await client.get(`/student/${admin.publicId}/session${query}`, await asAdmin());
      expect(answer.status).toBe(400);
    },
  );

  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['DELETE', '/4ffb7f17-2d6b-4cb7-86e3-1c1a6a1d8f2c'],
  ])('%s answers 401, 403 and 404', async (method, rest) => {
    const student = await client.join();
    const nobody = publicIdOf(await client.register(aStudent())).replace(/.$/, 'x');
    const ask = (publicId: string, token?: string) =>
      client.send(method, `/student/${publicId}/session${rest}`, { token });
    expect((await ask(student.publicId)).json).toEqual({ message: 'Token is missing!' });
    for (const target of [student.publicId, admin.publicId, nobody]) {
      const answer = await ask(target, student.token);
      expect([answer.status, answer.json]).toEqual([403, { message: 'Cannot perform that function!' }]);
    }
    const missing = await ask(nobody, await asAdmin());
    expect([missing.status, missing.json]).toEqual([404, { message: 'No student found!' }]);
    if (rest === '') return;
    const other = await ask(student.publicId, await asAdmin());
    expect([other.status, other.json]).toEqual([404, { message: 'Not found' }]);
  });

  it('answers 404 for another student’s session', async () => {
    const [one, other] = [await client.join(), await client.join()];
    const path = `/student/${one.publicId}/session/${sessionIdOf(other.token)}`;
    expect((await client.send('DELETE', path, { token: await asAdmin() })).status).toBe(404);
    expect((await client.get('/me', other.token)).status).toBe(200);
  });
});
