import { Client, basic, nextOf } from './support/client.js';
import { exchange } from './support/raw-http.js';
import { startApp, type TestApp } from './support/start-app.js';
import { openSession, pairOf, refresh, sessionIdOf, sessionsOf } from './support/token-pairs.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const INVALID = { message: 'Token is invalid!' };
const COULD_NOT_VERIFY = { message: 'Could not verify' };
const BASIC_CHALLENGE = 'Basic realm="Login required!", charset="UTF-8"';
const PAIR = {
  token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
  refresh_token: expect.stringMatching(/^[\w-]{43}$/) as string,
  token_type: 'Bearer',
  expires_in: 1800,
};

let test: TestApp;
let client: Client;

beforeAll(async () => {
  test = await startApp({ throttle: false });
  client = new Client(test.url);
});
afterAll(() => test.close());

const iso = (ms: number): string => new Date(ms).toISOString();
const logIn = (json: unknown, headers: Record<string, string> = {}) =>
  client.send('POST', '/login', { json, headers });

describe('POST /login', () => {
  it('takes Basic, without a body, by name or e-mail', async () => {
    const { name, email, password } = await client.enrol();
    for (const userId of [name, email, name.toUpperCase()]) {
      const answer = await client.send('POST', '/login', {
        headers: { authorization: basic(userId, password) },
      });
      expect([answer.status, answer.json]).toEqual([200, PAIR]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('takes JSON with the name or the e-mail, in any form with the same key, in either field', async () => {
    const { name, email, password } = await client.enrol();
    for (const userId of [{ name }, { email }, { email: email.toUpperCase() }, { name: email }]) {
      const answer = await logIn({ ...userId, password });
      expect([answer.status, answer.json]).toEqual([200, PAIR]);
      expect((await client.get('/me', pairOf(answer).token)).status).toBe(200);
    }
  });

  it.each([
    ['neither name nor e-mail', { password: 'x' }, 'name or email is required'],
    ['both', { name: 'a', email: 'a@example.org', password: 'x' }, 'email must not be given beside name'],
    ['no password', { name: 'a' }, 'password is required'],
    ['nothing at all', {}, 'name or email is required; password is required'],
    ['a number for a name', { name: 1, password: 'x' }, 'name must be a string'],
    ['null for a password', { name: 'a', password: null }, 'password must be a string'],
    ['an unknown key', { name: 'a', password: 'x', role: 'admin' }, 'role is not allowed'],
  ])('answers 400 to %s', async (_what, json, message) => {
    const answer = await logIn(json);
    expect([answer.status, answer.json]).toEqual([400, { message }]);
  });

  it('answers as GET /login does without credentials of either form', async () => {
    const answer = await client.send('POST', '/login');
    expect([answer.status, answer.json]).toEqual([401, { message: 'Could not verify' }]);
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Login required!", charset="UTF-8"');
  });

  it('answers 415 and 413 as every body is answered', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await client.send('POST', '/login', { headers, body: 'name=a&password=b' })).status).toBe(415);
    expect((await logIn({ name: 'a', password: 'x'.repeat(70_000) })).status).toBe(413);
  });

  it('answers wrong credentials in JSON with 401 and a Bearer challenge', async () => {
    const { name } = await client.enrol();
    for (const json of [
      { name, password: 'not this one' },
      { name: 'nobody here', password: 'x' },
      { name, password: '' },
    ]) {
      const answer = await logIn(json);
      expect([answer.status, answer.json]).toEqual([401, COULD_NOT_VERIFY]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('answers wrong Basic credentials with 401 and a Basic challenge, whatever the body says', async () => {
    const { name, password } = await client.enrol();
    const answer = await logIn({ name, password }, { authorization: basic(name, 'not this one') });
    expect([answer.status, answer.json]).toEqual([401, COULD_NOT_VERIFY]);
    expect(answer.headers.get('www-authenticate')).toBe(BASIC_CHALLENGE);
  });
});

describe('GET /me', () => {
  it('shows whom the token stands for', async () => {
    const { name, email, publicId, token } = await client.join();
    const answer = await client.get('/me', token);
    expect([answer.status, answer.json]).toEqual([
      200,
      { student: { email, name, public_id: publicId, role: 'user' } },
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe.each([
  ['GET', '/me'],
  ['GET', '/session'],
  ['DELETE', '/session'],
  ['DELETE', '/session/4ffb7f17-2d6b-4cb7-86e3-1c1a6a1d8f2c'],
  ['POST', '/logout'],
])('%s %s', (method, path) => {
  it('answers 401 without a token, and with one that is not good', async () => {
    const without = await client.send(method, path);
    expect([without.status, without.json]).toEqual([401, { message: 'Token is missing!' }]);
    const bad = await client.send(method, path, { token: 'a.b.c' });
    expect([bad.status, bad.json]).toEqual([401, INVALID]);
    for (const { headers } of [without, bad]) expect(headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('POST /logout', () => {
  it('ends this session: its access tokens and its refresh token are refused on the very next request', async () => {
    const student = await client.enrol();
    const first = await openSession(client, student);
    const second = pairOf(await refresh(client, first.refresh_token));
    const other = await openSession(client, student);
    const answer = await client.send('POST', '/logout', { token: second.token });
    expect([answer.status, answer.json]).toEqual([200, { message: 'Logged out!' }]);
    for (const { token } of [first, second]) {
      const refused = await client.get('/student', token);
      expect([refused.status, refused.json]).toEqual([401, INVALID]);
    }
    expect((await refresh(client, second.refresh_token)).status).toBe(401);
    expect((await client.get('/me', other.token)).status).toBe(200);
  });

  it('takes the token of GET /login too, and ignores a body, however broken', async () => {
    const { token } = await client.join();
    const body = { token, body: '{"broken', headers: { 'content-type': 'text/html' } };
    expect((await client.send('POST', '/logout', body)).status).toBe(200);
    expect((await client.get('/me', token)).status).toBe(401);
  });

  it('is done once: of two at once one is answered 200, the other 401', async () => {
    const { token } = await client.join();
    const answers = await Promise.all([1, 2].map(() => client.send('POST', '/logout', { token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });
});

describe('GET /session', () => {
  it("lists one's own live sessions, newest first, and tells which one asks", async () => {
    const student = await client.enrol();
    const loggedInAt = test.clock.now();
    const first = await openSession(client, student, { 'user-agent': 'the phone' });
    test.clock.advance(MINUTE);
    const second = await client.tokenOf(student.name, student.password);
    test.clock.advance(MINUTE);
    await refresh(client, first.refresh_token);
    const answer = await client.get('/session', second);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.has('link')).toBe(false);
    expect(answer.json).toEqual({
      sessions: [
        {
          id: sessionIdOf(second),
          created_at: iso(loggedInAt + MINUTE),
          last_used_at: iso(loggedInAt + MINUTE),
          // GET /login gives no refresh token: the session is over when its access token is.
          expires_at: iso(loggedInAt + 31 * MINUTE),
          user_agent: 'node',
          ip: '127.0.0.1',
          current: true,
        },
        {
          id: sessionIdOf(first.token),
          created_at: iso(loggedInAt),
          last_used_at: iso(loggedInAt + 2 * MINUTE),
          expires_at: iso(loggedInAt + 2 * MINUTE + 30 * DAY),
          user_agent: 'the phone',
          ip: '127.0.0.1',
          current: false,
        },
      ],
    });
  });

  it('lists no ended or expired ones, with ?ended=true neither', async () => {
    const student = await client.enrol();
    await client.tokenOf(student.name, student.password);
    const gone = await openSession(client, student);
    await client.send('POST', '/logout', { token: gone.token });
    test.clock.advance(30 * MINUTE);
    const { token } = await openSession(client, student);
    for (const path of ['/session', '/session?ended=true']) {
      expect(sessionsOf(await client.get(path, token)).map(({ id }) => id)).toEqual([sessionIdOf(token)]);
    }
  });

  it('keeps 256 characters of a user agent, without control characters', async () => {
    const { name, password } = await client.enrol();
    const agent = `one\ttwo\u0085three${'x'.repeat(300)}`;
    const [answer] = await exchange(
      Number(new URL(test.url).port),
      Buffer.from(
        `GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: ${basic(name, password)}\r\nUser-Agent: ${agent}\r\n\r\n`,
        'latin1',
      ),
    );
    const { token } = JSON.parse(answer?.body ?? '') as { token: string };
    const [session] = sessionsOf(await client.get('/session', token));
    expect(session?.user_agent).toBe(`onetwothree${'x'.repeat(245)}`);
  });

  it('keeps an empty user agent for a client that tells none', async () => {
    const { name, password } = await client.enrol();
    const [answer] = await exchange(
      Number(new URL(test.url).port),
      `GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: ${basic(name, password)}\r\n\r\n`,
    );
    const { token } = JSON.parse(answer?.body ?? '') as { token: string };
    expect(sessionsOf(await client.get('/session', token))[0]?.user_agent).toBe('');
  });

  it('is read in pages, each session once, also while one logs in', async () => {
    const student = await client.enrol();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      // Two of the same millisecond among them.
      if (n !== 2) test.clock.advance(1);
      ids.push(sessionIdOf((await openSession(client, student)).token));
    }
    const { token } = await openSession(client, student);
    const seen: string[] = [];
    let pages = 0;
    for (let next: string | undefined = '/session?limit=2'; next; pages += 1) {
      const answer = await client.get(next, token);
      seen.push(...sessionsOf(answer).map(({ id }) => id));
      next = nextOf(answer);
      test.clock.advance(1);
      await openSession(client, student);
    }
    expect(pages).toBe(3);
    expect(seen).toHaveLength(6);
    expect(new Set(seen)).toEqual(new Set([...ids, sessionIdOf(token)]));
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'limit=',
    'cursor=nonsense',
    'cursor=',
    // Cursors of the right kind that no row has made.
    `cursor=${Buffer.from('["sessions",1,"\\u0000"]').toString('base64url')}`,
    `cursor=${Buffer.from('["sessions",1.5,"a"]').toString('base64url')}`,
    `cursor=${Buffer.from('["students",1]').toString('base64url')}`,
  ])('answers 400 to ?%s', async (query) => {
    const { token } = await client.join();
    expect((await client.get(`/session?${query}`, token)).status).toBe(400);
  });
});

describe('DELETE /session', () => {
  it('/{id} ends one of one’s own, on the very next request', async () => {
    const student = await client.enrol();
    const [one, other] = [await openSession(client, student), await openSession(client, student)];
    const path = `/session/${sessionIdOf(one.token)}`;
    const answer = await client.send('DELETE', path, { token: other.token });
    expect([answer.status, answer.json]).toEqual([200, { message: 'Session revoked!' }]);
    expect((await client.get('/me', one.token)).json).toEqual(INVALID);
    expect((await refresh(client, one.refresh_token)).status).toBe(401);
    expect((await client.get('/me', other.token)).status).toBe(200);
    const again = await client.send('DELETE', path, { token: other.token });
    expect([again.status, again.json]).toEqual([404, { message: 'Not found' }]);
  });

  it('/{id} ends the current one too', async () => {
    const { token } = await client.join();
    expect((await client.send('DELETE', `/session/${sessionIdOf(token)}`, { token })).status).toBe(200);
    expect((await client.get('/me', token)).status).toBe(401);
  });

  it('/{id} answers 404 for another student’s, and for whatever is no session', async () => {
    const [mine, theirs] = [await client.join(), await client.join()];
    for (const id of [sessionIdOf(theirs.token), 'x', '%00', '%F0%9F%90%98', "'--", 'x'.repeat(2000)]) {
      const answer = await client.send('DELETE', `/session/${id}`, { token: mine.token });
      expect([answer.status, answer.json]).toEqual([404, { message: 'Not found' }]);
    }
    expect((await client.get('/me', theirs.token)).status).toBe(200);
  });

  it('ends all of one’s own, the current one too, and nobody else’s', async () => {
    const student = await client.enrol();
    const [one, other] = [await openSession(client, student), await openSession(client, student)];
    const stranger = await client.join();
    const answer = await client.send('DELETE', '/session', { token: one.token });
    expect([answer.status, answer.json]).toEqual([200, { message: 'All sessions revoked!' }]);
    for (const { token, refresh_token } of [one, other]) {
      expect((await client.get('/me', token)).json).toEqual(INVALID);
      expect((await refresh(client, refresh_token)).status).toBe(401);
    }
    expect((await client.get('/me', stranger.token)).status).toBe(200);
  });
});

describe('a student', () => {
  /** Live sessions as if of other devices, the first of them the oldest. */
  async function withSessions(count: number) {
    const student = await client.enrol();
    const [row] = await test.database.query<{ id: number }>('SELECT id FROM student WHERE public_id = $1', [
      student.publicId,
    ]);
    const now = test.clock.now();
    await test.database.write(async (manager) => {
      for (let n = 0; n < count; n += 1) {
        await test.database.executeWith(
          manager,
          `INSERT INTO session (id, student_id, created_at, last_used_at, expires_at, user_agent, ip)
           VALUES ($1, $2, $3, $4, $5, 'seeded', '127.0.0.1')`,
          [`${student.publicId}-${n}`, row?.id, now - 1000 + n, now, now + DAY],
        );
      }
    });
    return student;
  }

  it('holds at most 100 live sessions: a further login ends the oldest', async () => {
    const student = await withSessions(99);
    const hundredth = await client.tokenOf(student.name, student.password);
    const all = sessionsOf(await client.get('/session', hundredth));
    expect(all).toHaveLength(100);
    expect(all.at(-1)?.id).toBe(`${student.publicId}-0`);
    const further = await openSession(client, student, { 'x-request-id': 'one-too-many' });
    const left = sessionsOf(await client.get('/session', further.token));
    expect(left).toHaveLength(100);
    expect(left.map(({ id }) => id)).not.toContain(`${student.publicId}-0`);
    expect(test.logged()).toContainEqual(
      expect.objectContaining({
        msg: 'Session ended',
        by: 'limit',
        sessions: [`${student.publicId}-0`],
        requestId: 'one-too-many',
      }),
    );
  });

  it('holds no more than 100 either when many log in at once', async () => {
    const student = await withSessions(95);
    const pairs = await Promise.all(Array.from({ length: 12 }, () => openSession(client, student)));
    const left = sessionsOf(await client.get('/session?limit=1000', pairs[0]?.token));
    expect(left).toHaveLength(100);
    for (const { token } of pairs) expect((await client.get('/me', token)).status).toBe(200);
  });
});
