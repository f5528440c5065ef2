import { SessionCleanup } from '../src/sessions/session-cleanup.service.js';
import { Client } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';
import { openSession, pairOf, refresh, sessionIdOf } from './support/token-pairs.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

describe('the clean-up of sessions', () => {
  let test: TestApp;
  let client: Client;

  beforeEach(async () => {
    test = await startApp({ throttle: false });
    client = new Client(test.url);
  });
  afterEach(() => test.close());

  const clean = (): Promise<void> => test.app.get(SessionCleanup).run();

  async function count(what: string): Promise<number> {
    const [row] = await test.database.query<{ n: string | number }>(`SELECT count(*) AS n FROM ${what}`);
    return Number(row?.n);
  }

  async function studentRowId(publicId: string): Promise<number | undefined> {
    const sql = 'SELECT id FROM student WHERE public_id = $1';
    return (await test.database.query<{ id: number }>(sql, [publicId]))[0]?.id;
  }

  it('forgets a sealed successor once REFRESH_REUSE_GRACE is over, and not before', async () => {
    const first = await openSession(client, await client.enrol());
    const second = pairOf(await refresh(client, first.refresh_token));
    test.clock.advance(10 * SECOND - 1);
    await clean();
    expect(await count('refresh_token WHERE successor IS NOT NULL')).toBe(1);
    expect(pairOf(await refresh(client, first.refresh_token)).refresh_token).toBe(second.refresh_token);
    test.clock.advance(1);
    await clean();
    expect(await count('refresh_token WHERE successor IS NOT NULL')).toBe(0);
    expect(await count('refresh_token')).toBe(2);
  });

  it('keeps spent tokens as long as their session, so that one shown again is recognised', async () => {
    const first = await openSession(client, await client.enrol());
    const second = pairOf(await refresh(client, first.refresh_token));
    test.clock.advance(20 * DAY);
    await clean();
    expect((await refresh(client, first.refresh_token)).status).toBe(401);
    expect((await refresh(client, second.refresh_token)).status).toBe(401);
    expect(await count("session WHERE ended_by = 'rotated-reused'")).toBe(1);
  });

  it('writes down which sessions have expired, when they did, and leaves live ones alone', async () => {
    const student = await client.enrol();
    const loggedInAt = test.clock.now();
    await client.tokenOf(student.name, student.password);
    const live = await openSession(client, student);
    test.clock.advance(31 * 60 * SECOND);
    await clean();
    const rows = await test.database.query<{ ended_at: string | number; ended_by: string; id: string }>(
      'SELECT id, ended_at, ended_by FROM session WHERE ended_at IS NOT NULL',
    );
    expect(rows.map((row) => [Number(row.ended_at), row.ended_by])).toEqual([
      [loggedInAt + 30 * 60 * SECOND, 'expired'],
    ]);
    expect((await refresh(client, live.refresh_token)).status).toBe(200);
  });

  it('removes an ended session after 30 days, its refresh tokens with it', async () => {
    const student = await client.enrol();
    const gone = await openSession(client, student);
    await refresh(client, gone.refresh_token);
    await client.send('POST', '/logout', { token: gone.token });
    test.clock.advance(DAY);
    const live = await openSession(client, student);
    test.clock.advance(29 * DAY - 1);
    await clean();
    expect(await count('session')).toBe(2);
    test.clock.advance(1);
    await clean();
    const left = await test.database.query<{ id: string }>('SELECT id FROM session');
    expect(left).toEqual([{ id: sessionIdOf(live.token) }]);
    expect(await count('refresh_token')).toBe(1);
    expect((await refresh(client, gone.refresh_token)).status).toBe(401);
    expect((await refresh(client, live.refresh_token)).status).toBe(200);
  });

  it('goes on batch by batch until nothing is left, however much there is', async () => {
    const { publicId } = await client.enrol();
    const studentId = await studentRowId(publicId);
    const now = test.clock.now();
    await test.database.write(async (manager) => {
      for (let n = 0; n < 450; n += 1) {
        await test.database.executeWith(
          manager,
          `INSERT INTO session (id, student_id, created_at, last_used_at, expires_at, user_agent, ip)
           VALUES ($1, $2, $3, $4, $5, '', '127.0.0.1')`,
          [`session-${n}`, studentId, now - DAY, now - DAY, now - SECOND],
        );
      }
      // Thousands of refreshes of one session are not removed in one go either.
      for (let n = 0; n < 450; n += 1) {
        await test.database.executeWith(
          manager,
          'INSERT INTO refresh_token (hash, session_id, spent_at, successor) VALUES ($1, $2, $3, $4)',
          [`hash-${n}`, 'session-0', now - DAY, 'sealed'],
        );
      }
    });
    await clean();
    expect(await count("session WHERE ended_by = 'expired'")).toBe(450);
    expect(await count('refresh_token WHERE successor IS NOT NULL')).toBe(0);
    test.clock.advance(30 * DAY);
    await clean();
    expect(await count('session')).toBe(0);
    expect(await count('refresh_token')).toBe(0);
    expect(test.logged().filter(({ by }) => by === 'expired')).toHaveLength(450);
  });

  it('lets requests in between, and may run in several places at once', async () => {
    const student = await client.enrol();
    await client.tokenOf(student.name, student.password);
    test.clock.advance(DAY);
    const pair = await openSession(client, student);
    const [, , refreshed] = await Promise.all([clean(), clean(), refresh(client, pair.refresh_token)]);
    expect(refreshed.status).toBe(200);
    // Where both met at the lock, one may have left to the other what that one had passed: the next tick does it.
    await clean();
    expect(await count("session WHERE ended_by = 'expired'")).toBe(1);
  });

  it('tells when it fails, and tries again at the next tick', async () => {
    const cleanup = test.app.get(SessionCleanup);
    await client.tokenOf(...(await client.enrol().then(({ name, password }) => [name, password] as const)));
    test.clock.advance(DAY);
    const rename = (from: string, to: string) =>
      test.database.write((manager) => manager.query(`ALTER TABLE ${from} RENAME TO ${to}`));
    await rename('session', 'session_away');
    await cleanup.tick();
    expect(test.logged()).toContainEqual(expect.objectContaining({ level: 50, context: 'SessionCleanup' }));
    await rename('session_away', 'session');
    await cleanup.tick();
    expect(await count("session WHERE ended_by = 'expired'")).toBe(1);
  });

  it('writes down an expiry once, though a refresh had the session in hand', async () => {
    const pair = await openSession(client, await client.enrol());
    test.clock.advance(30 * DAY - 1);
    const refreshed = refresh(client, pair.refresh_token);
    const cleaned = clean();
    const [answer] = await Promise.all([refreshed, cleaned]);
    expect(answer.status).toBe(200);
    expect((await client.get('/me', pairOf(answer).token)).status).toBe(200);
  });
});
