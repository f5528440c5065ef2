import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';
import { openSession, pairOf, refresh, sessionIdOf, type TokenPair } from './support/token-pairs.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 86_400 * SECOND;
const INVALID = { message: 'Refresh token is invalid!' };

let test: TestApp;
let client: Client;

async function start(overrides: Parameters<typeof startApp>[0] = {}): Promise<void> {
  test = await startApp({ throttle: false, ...overrides });
  client = new Client(test.url);
}

async function logIn(): Promise<TokenPair> {
  return await openSession(client, await client.enrol());
}

async function isRecognised(token: string): Promise<boolean> {
  return (await client.get('/me', token)).status === 200;
}

async function unspentOf(token: string): Promise<number> {
  const rows = await test.database.query<{ n: string | number }>(
    'SELECT count(*) AS n FROM refresh_token WHERE session_id = $1 AND spent_at IS NULL',
    [sessionIdOf(token)],
  );
  return Number(rows[0]?.n);
}

/** Every row of every table, as text. */
async function everythingStored(): Promise<string> {
  const tables = test.database.reader.entityMetadatas.map(({ tableName }) => tableName);
  const rows = await Promise.all(tables.map((table) => test.database.query(`SELECT * FROM "${table}"`)));
  return JSON.stringify(rows);
}

describe('POST /token/refresh', () => {
  beforeAll(() => start());
  afterAll(() => test.close());

  it('gives a new pair of the same session, as a login does, and spends the old refresh token', async () => {
    const first = await logIn();
    const answer = await refresh(client, first.refresh_token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.json).toEqual({
      token: expect.any(String) as string,
      refresh_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as string,
      token_type: 'Bearer',
      expires_in: 1800,
    });
    const second = pairOf(answer);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(sessionIdOf(second.token)).toBe(sessionIdOf(first.token));
    expect(await isRecognised(second.token)).toBe(true);
  });

  it('leaves the access token of before good until it expires', async () => {
    const first = await logIn();
    await refresh(client, first.refresh_token);
    expect(await isRecognised(first.token)).toBe(true);
  });

  it('needs no access token, and does not look at one', async () => {
    const { refresh_token: token } = await logIn();
    expect((await refresh(client, token, { 'x-access-token': 'expired.long.ago' })).status).toBe(200);
  });

  it.each([
    ['no body', undefined, 'refresh_token is required'],
    ['no token', {}, 'refresh_token is required'],
    ['null', { refresh_token: null }, 'refresh_token must be a string'],
    ['a number', { refresh_token: 7 }, 'refresh_token must be a string'],
    ['a NUL', { refresh_token: '\0' }, 'refresh_token must not contain NUL'],
    ['an unknown key', { refresh_token: 'x', sid: '1' }, 'sid is not allowed'],
  ])('answers 400 to %s', async (_what, json, message) => {
    const answer = await client.send('POST', '/token/refresh', json === undefined ? {} : { json });
    expect(answer.status).toBe(400);
    expect((answer.json as { message: string }).message).toContain(message);
  });

  it.each([
    ['an unknown one', 'A'.repeat(43)],
    ['an empty one', ''],
    ['a very long one', 'x'.repeat(10_000)],
  ])('answers 401 to %s', async (_what, token) => {
    const answer = await refresh(client, token);
    expect([answer.status, answer.json]).toEqual([401, INVALID]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('does not take an access token for a refresh token, nor the other way round', async () => {
    const pair = await logIn();
    expect((await refresh(client, pair.token)).status).toBe(401);
    expect(await isRecognised(pair.refresh_token)).toBe(false);
  });

  it('stores a token as its SHA-256 alone, and the successor sealed', async () => {
    const first = await logIn();
    const second = pairOf(await refresh(client, first.refresh_token));
    const stored = await everythingStored();
    for (const secret of [first.token, second.token, first.refresh_token, second.refresh_token]) {
      expect(stored).not.toContain(secret);
      expect(stored).not.toContain(Buffer.from(secret).toString('base64url'));
    }
    for (const { refresh_token: token } of [first, second]) {
      expect(stored).toContain(createHash('sha256').update(token).digest('base64url'));
    }
    if (test.settings.database.kind !== 'sqlite') return;
    const folder = dirname(test.settings.database.file);
    for (const file of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, file));
      for (const { token, refresh_token } of [first, second]) {
        expect(bytes.includes(token)).toBe(false);
        expect(bytes.includes(refresh_token)).toBe(false);
      }
    }
  });

  it('has the log say nothing of the tokens', async () => {
    const first = await logIn();
    const second = pairOf(await refresh(client, first.refresh_token));
    const log = JSON.stringify(test.logged());
    for (const secret of [first.token, first.refresh_token, second.token, second.refresh_token]) {
      expect(log).not.toContain(secret);
    }
  });
});

describe('a spent refresh token', () => {
  beforeAll(() => start());
  afterAll(() => test.close());

  it('gives the same successor within REFRESH_REUSE_GRACE of its first use, and the window does not slide', async () => {
    const first = await logIn();
    const second = pairOf(await refresh(client, first.refresh_token));
    test.clock.advance(6 * SECOND);
    expect(pairOf(await refresh(client, first.refresh_token)).refresh_token).toBe(second.refresh_token);
    test.clock.advance(4 * SECOND - 1);
    const retried = pairOf(await refresh(client, first.refresh_token));
    expect(retried.refresh_token).toBe(second.refresh_token);
    expect(await isRecognised(retried.token)).toBe(true);
    expect(await unspentOf(first.token)).toBe(1);
    test.clock.advance(1);
    expect((await refresh(client, first.refresh_token)).status).toBe(401);
    expect(await isRecognised(retried.token)).toBe(false);
  });

  it('gives the same successor although that has been spent meanwhile', async () => {
    const first = await logIn();
    const second = pairOf(await refresh(client, first.refresh_token));
    const third = pairOf(await refresh(client, second.refresh_token));
    expect(pairOf(await refresh(client, first.refresh_token)).refresh_token).toBe(second.refresh_token);
    expect(pairOf(await refresh(client, second.refresh_token)).refresh_token).toBe(third.refresh_token);
    expect(await unspentOf(first.token)).toBe(1);
    expect((await refresh(client, third.refresh_token)).status).toBe(200);
  });

  it('ends the whole session when shown later: its access tokens and its newest refresh token, for good', async () => {
    const first = await logIn();
    const second = pairOf(await refresh(client, first.refresh_token));
    const third = pairOf(await refresh(client, second.refresh_token));
    test.clock.advance(10 * SECOND);
    const reuse = await refresh(client, first.refresh_token, { 'x-request-id': 'the-thief' });
    expect([reuse.status, reuse.json]).toEqual([401, INVALID]);
    for (const { token } of [first, second, third]) expect(await isRecognised(token)).toBe(false);
    for (const { refresh_token: token } of [third, second, first]) {
      expect((await refresh(client, token)).status).toBe(401);
    }
    expect(await isRecognised(third.token)).toBe(false);
    expect(test.logged()).toContainEqual(
      expect.objectContaining({
        level: 40,
        msg: 'Session ended',
        by: 'rotated-reused',
        sessions: [sessionIdOf(first.token)],
        requestId: 'the-thief',
        ip: '127.0.0.1',
      }),
    );
  });

  it('ends no other session of the student', async () => {
    const student = await client.enrol();
    const [one, other] = [await openSession(client, student), await openSession(client, student)];
    await refresh(client, one.refresh_token);
    test.clock.advance(10 * SECOND);
    await refresh(client, one.refresh_token);
    expect(await isRecognised(one.token)).toBe(false);
    expect(await isRecognised(other.token)).toBe(true);
  });

  it('gives fifty who show it at once the same successor, and that works', async () => {
    const first = await logIn();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(client, first.refresh_token)));
    const pairs = answers.map(pairOf);
    expect(new Set(pairs.map((pair) => pair.refresh_token)).size).toBe(1);
    expect(await unspentOf(first.token)).toBe(1);
    expect((await refresh(client, pairs[0]?.refresh_token)).status).toBe(200);
    for (const { token } of pairs.slice(0, 3)) expect(await isRecognised(token)).toBe(true);
  });

  it('never leaves a session alive that is logged out of while it is refreshed', async () => {
    for (let round = 0; round < 10; round += 1) {
      const first = await logIn();
      const [refreshed, loggedOut] = await Promise.all([
        refresh(client, first.refresh_token),
        client.send('POST', '/logout', { token: first.token }),
      ]);
      expect(loggedOut.status).toBe(200);
      expect([200, 401]).toContain(refreshed.status);
      expect(await isRecognised(first.token)).toBe(false);
      if (refreshed.status !== 200) continue;
      expect(await isRecognised(pairOf(refreshed).token)).toBe(false);
      expect((await refresh(client, pairOf(refreshed).refresh_token)).status).toBe(401);
    }
  });

  it('answers 401, and nothing worse, while its student is being deleted', async () => {
    for (let round = 0; round < 5; round += 1) {
      const student = await client.enrol();
      const first = await openSession(client, student);
      const path = `/student/${student.publicId}`;
      const [refreshed, deleted] = await Promise.all([
        refresh(client, first.refresh_token),
        client.send('DELETE', path, { token: first.token, json: { current_password: student.password } }),
      ]);
      expect(deleted.status).toBe(200);
      expect([200, 401]).toContain(refreshed.status);
      expect((await refresh(client, first.refresh_token)).status).toBe(401);
    }
  });
});

describe('with REFRESH_REUSE_GRACE=0s, a refresh token', () => {
  beforeAll(() => start({ refreshReuseGrace: 0 }));
  afterAll(() => test.close());

  it('is good for exactly one of fifty who show it at once, and then its session is gone', async () => {
    const first = await logIn();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(client, first.refresh_token)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(49);
    const won = pairOf(answers[statuses.indexOf(200)] ?? (await refresh(client, '')));
    expect(await isRecognised(first.token)).toBe(false);
    expect(await isRecognised(won.token)).toBe(false);
    expect((await refresh(client, won.refresh_token)).status).toBe(401);
    expect(await unspentOf(first.token)).toBeLessThanOrEqual(1);
  });

  it('keeps no successor, sealed or not', async () => {
    const first = await logIn();
    expect((await refresh(client, first.refresh_token)).status).toBe(200);
    const rows = await test.database.query('SELECT hash FROM refresh_token WHERE successor IS NOT NULL');
    expect(rows).toEqual([]);
  });
});

describe('the life of a session', () => {
  beforeAll(() => start());
  afterAll(() => test.close());

  it('goes on for REFRESH_TOKEN_TTL after each refresh, and then is over', async () => {
    const first = await logIn();
    test.clock.advance(30 * DAY - 1);
    const second = pairOf(await refresh(client, first.refresh_token));
    test.clock.advance(30 * DAY - 1);
    const third = pairOf(await refresh(client, second.refresh_token));
    test.clock.advance(30 * DAY);
    const late = await refresh(client, third.refresh_token);
    expect([late.status, late.json]).toEqual([401, INVALID]);
  });

  it('ends SESSION_MAX_AGE after its login, however often it is refreshed', async () => {
    let pair = await logIn();
    for (let day = 0; day < 87; day += 29) {
      test.clock.advance(29 * DAY);
      pair = pairOf(await refresh(client, pair.refresh_token));
    }
    test.clock.advance(3 * DAY - 1);
    pair = pairOf(await refresh(client, pair.refresh_token));
    expect(await isRecognised(pair.token)).toBe(true);
    test.clock.advance(1);
    expect(await isRecognised(pair.token)).toBe(false);
    expect((await refresh(client, pair.refresh_token)).status).toBe(401);
  });

  it('has access tokens that end ACCESS_TOKEN_TTL after they were made, though the session lives on', async () => {
    // Tokens count whole seconds.
    test.clock.advance(SECOND - (test.clock.now() % SECOND));
    const pair = await logIn();
    test.clock.advance(30 * MINUTE - 1);
    expect(await isRecognised(pair.token)).toBe(true);
    test.clock.advance(1);
    expect(await isRecognised(pair.token)).toBe(false);
    expect((await refresh(client, pair.refresh_token)).status).toBe(200);
  });
});
