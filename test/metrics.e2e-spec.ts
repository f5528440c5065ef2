import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveSessions } from '../src/sessions/live-sessions.service.js';
import { aStudent } from './factories/student.js';
import { basic, Client } from './support/client.js';
import { type Exposition, parseExposition } from './support/exposition.js';
import { askAndLeave, exchange } from './support/raw-http.js';
import { startApp, type TestApp } from './support/start-app.js';
import { databaseKind } from './support/test-database.js';
import { saying, told } from './support/told.js';
import { openSession, pairOf, refresh } from './support/token-pairs.js';
import { until } from './support/until.js';

const TOKEN = 'only-prometheus-knows-4Tz';

let test: TestApp;
let client: Client;

async function begin(overrides: Parameters<typeof startApp>[0] = {}): Promise<void> {
  test = await startApp(overrides);
  client = new Client(test.url);
}

afterEach(() => test.close());

async function text(app: Pick<TestApp, 'url'> = test, headers: Record<string, string> = {}): Promise<string> {
  return await (await fetch(`${app.url}/metrics`, { headers })).text();
}

async function scrape(app?: Pick<TestApp, 'url'>): Promise<Exposition> {
  return parseExposition(await text(app));
}

/** The samples of one family that are not 0, without its name. */
function counted({ samples }: Exposition, family: string): Record<string, number> {
  const all = [...samples].filter(([series, value]) => series.startsWith(`${family}{`) && value !== 0);
  return Object.fromEntries(all.map(([series, value]) => [series.slice(family.length), value]));
}

/** Requests are counted when their answer is out, which the client may know first. */
async function requests(total: number): Promise<Exposition> {
  const sum = ({ samples }: Exposition): number =>
    [...samples]
      .filter(([series]) => /^student_auth_http_requests_total\{route="(?!\/metrics")/.test(series))
      .reduce((all, [, value]) => all + value, 0);
  let last = await scrape();
  await until(`${total} requests are counted`, async () => sum((last = await scrape())) >= total);
  expect(sum(last)).toBe(total);
  return last;
}

describe('the metrics', () => {
  it('count requests by route, method and status, and what came of logins and refreshes', async () => {
    await begin();
    const { name, password, publicId, token } = await client.join();
    const pair = await openSession(client, { name, password });
    const next = pairOf(await refresh(client, pair.refresh_token));
    await client.send('HEAD', '/login', {
      headers: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` },
    });
    await client.get(`/student/${publicId}`, token);
    await client.get(`/student/${publicId}?q=1`, token);
    await client.get('/student/nobody', token);
    await client.get('/me');
    await client.send('PUT', '/login');
    await client.send('POST', '/login', { json: { name: 5 } });
    await refresh(client, 'x');
    test.clock.advance(60_000);
    expect((await refresh(client, pair.refresh_token)).status).toBe(401);
    expect((await refresh(client, next.refresh_token)).status).toBe(401);
    for (let n = 0; n < 11; n += 1) await client.login(name, 'wrong');

    const scraped = await requests(25);
    expect(counted(scraped, 'student_auth_http_requests_total')).toMatchObject({
      '{route="/student",method="POST",status="201"}': 1,
      '{route="/login",method="GET",status="200"}': 1,
      '{route="/login",method="POST",status="200"}': 1,
      '{route="/login",method="POST",status="400"}': 1,
      '{route="/login",method="HEAD",status="200"}': 1,
      '{route="/login",method="GET",status="401"}': 10,
      '{route="/login",method="GET",status="429"}': 1,
      '{route="/token/refresh",method="POST",status="200"}': 1,
      '{route="/token/refresh",method="POST",status="401"}': 3,
      '{route="/student/:public_id",method="GET",status="200"}': 2,
      '{route="/student/:public_id",method="GET",status="404"}': 1,
      '{route="/me",method="GET",status="401"}': 1,
      '{route="none",method="PUT",status="405"}': 1,
    });
    const { samples } = scraped;
    const seconds = 'student_auth_http_request_duration_seconds';
    const login = 'route="/login",method="GET",status="401"';
    expect(samples.get(`${seconds}_count{${login}}`)).toBe(10);
    expect(samples.get(`${seconds}_sum{${login}}`)).toBeGreaterThan(0);
    expect(counted(scraped, 'student_auth_logins_total')).toEqual({
      '{outcome="ok"}': 2,
      '{outcome="checked"}': 1,
      '{outcome="failed"}': 10,
      '{outcome="throttled"}': 1,
      '{outcome="invalid"}': 1,
    });
    expect(counted(scraped, 'student_auth_refreshes_total')).toEqual({
      '{outcome="ok"}': 1,
      '{outcome="reused"}': 1,
      '{outcome="failed"}': 2,
    });
    expect(counted(scraped, 'student_auth_throttles_total')).toEqual({ '{budget="account-and-address"}': 1 });
    expect(counted(scraped, 'student_auth_sheds_total')).toEqual({});
    // A registration, three good checks and ten bad ones.
    expect(samples.get('student_auth_password_hash_wait_seconds_count')).toBe(14);
    expect(samples.get('student_auth_password_hash_queue_length')).toBe(0);
    expect(samples.get('student_auth_password_hash_running')).toBe(0);
  });

  it('count what is turned away by its reason', async () => {
    await begin({ hashConcurrency: 1, throttle: false });
    const { name, password } = await client.enrol();
    const answers = await Promise.all(Array.from({ length: 600 }, () => client.login(name, password)));
    const ok = answers.filter(({ status }) => status === 200).length;
    const shed = answers.filter(({ status }) => status === 503).length;
    expect([ok > 0, shed > 0, ok + shed]).toEqual([true, true, 600]);
    const scraped = await requests(601);
    expect(counted(scraped, 'student_auth_sheds_total')).toEqual({ '{reason="password-queue"}': shed });
    expect(counted(scraped, 'student_auth_logins_total')).toEqual({
      '{outcome="ok"}': ok,
      '{outcome="unavailable"}': shed,
    });
  });

  it('count the live sessions', async () => {
    await begin({ accessTokenTtl: 60_000, throttle: false });
    const live = async (): Promise<number | undefined> => {
      await test.app.get(LiveSessions, { strict: false }).refresh();
      const { samples } = await scrape();
      const at = samples.get('student_auth_sessions_live_counted_timestamp_seconds');
      expect(at).toBe(test.clock.now() / 1000);
      return samples.get('student_auth_sessions_live');
    };
    expect(await live()).toBe(0);
    const { name, password, token } = await client.join();
    await client.login(name, password);
    await openSession(client, { name, password });
    expect(await live()).toBe(3);
    await client.send('POST', '/logout', { token });
    expect(await live()).toBe(2);
    test.clock.advance(61_000);
    expect(await live()).toBe(1);
  });

  it('count live sessions beyond one slice to the last one', async () => {
    await begin();
    const { publicId } = await client.enrol();
    const now = test.clock.now();
    await test.database.write(async (manager) => {
      const [row] = await test.database.queryWith<{ id: number }>(
        manager,
        'SELECT id FROM student WHERE public_id = $1',
        [publicId],
      );
      for (let first = 0; first < 12_000; first += 1_000) {
        // Many of them end in the same millisecond.
        const rows = Array.from({ length: 1_000 }, (_each, n) => {
          const expires = now + 1 + Math.floor((first + n) / 700);
          return `('s${first + n}', ${row?.id}, ${now}, ${now}, ${expires}, '', '')`;
        });
        await test.database.executeWith(
          manager,
          `INSERT INTO session (id, student_id, created_at, last_used_at, expires_at, user_agent, ip) VALUES ${rows.join()}`,
        );
      }
    });
    const live = test.app.get(LiveSessions, { strict: false });
    await live.refresh();
    expect(live.latest()).toEqual({ sessions: 12_000, at: now });
  });

  it('tell of the process, the connections and the database', async () => {
    await begin();
    await client.get('/health/ready');
    const { samples, types } = await scrape();
    expect(samples.get('student_auth_http_connections')).toBeGreaterThan(0);
    expect(samples.get('student_auth_database_waiting')).toBe(0);
    const idle = samples.get('student_auth_database_connections{state="idle"}');
    expect(idle).toEqual(databaseKind === 'sqlite' ? undefined : expect.any(Number));
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'student_auth_event_loop_active_seconds_total',
    ])
      expect(samples.get(name)).toEqual(expect.any(Number));
    for (const [name, type] of types) {
      expect(name).toMatch(/^(?:student_auth|process|nodejs)_[a-z0-9_]+$/);
      expect([name, name.endsWith('_total')]).toEqual([
        name,
        type === 'counter' || name.endsWith('_active_resources_total'),
      ]);
    }
  });

  it('make no series of what callers send', async () => {
    await begin();
    const seriesOf = async (): Promise<string[]> =>
      [...(await scrape()).samples.keys()].filter((series) => !/event_loop|sessions_live/.test(series));
    const hostile = async (mark: string): Promise<void> => {
      for (const path of [
        `/${mark}`,
        `/student/${mark}`,
        `/docs/${mark}`,
        `/%zz${mark}`,
        `/login?${mark}`,
        `/%22%0a${mark}`,
      ])
        for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE'])
          await client.send(method, path, { headers: { [`x-${mark}`]: mark, 'user-agent': mark } });
      const port = Number(new URL(test.url).port);
      const ask = (line: string): string => `${line} HTTP/1.1\r\nHost: ${mark}\r\nConnection: close\r\n\r\n`;
      for (const method of ['PROPFIND', 'TRACE', 'M-SEARCH', 'get', mark.toUpperCase(), 'CONNECT'])
        await exchange(port, ask(`${method} /${mark}`));
      await exchange(port, `${mark}\r\n\r\n`);
      await exchange(port, ask(`GET /${mark}`).replace('Host', `X-${'a'.repeat(20_000)}`));
    };
    await hostile('zq1');
    await until('the scrape itself is counted', async () => /route="\/metrics"/.test(await text()));
    const before = await seriesOf();
    for (const mark of ['zq2', 'zq3', 'zq4']) await hostile(mark);
    const after = await seriesOf();
    expect(after).toEqual(before);
    expect(after.filter((series) => series.includes('zq'))).toEqual([]);
    expect(after).toContain('student_auth_http_requests_total{route="none",method="OTHER",status="404"}');
    expect(after).toContain('student_auth_http_unreadable_total{status="431"}');
  });

  it('count a request whose client did not wait for the answer', async () => {
    await begin();
    const { name, password } = await client.enrol();
    const login = `GET /login HTTP/1.1\r\nHost: a\r\nAuthorization: ${basic(name, password)}\r\n\r\n`;
    await askAndLeave(Number(new URL(test.url).port), login);
    const scraped = await requests(2);
    expect(counted(scraped, 'student_auth_logins_total')).toEqual({ '{outcome="gone"}': 1 });
  });

  it('of two applications in one process are their own', async () => {
    await begin();
    const other = await startApp();
    await new Client(other.url).register(aStudent());
    await client.get('/me');
    await client.get('/me');
    expect(counted(await requests(2), 'student_auth_http_requests_total')).toEqual({
      '{route="/me",method="GET",status="401"}': 2,
      '{route="/metrics",method="GET",status="200"}': expect.any(Number) as number,
    });
    await until('the other has counted', async () => {
      const series = 'student_auth_http_requests_total{route="/student",method="POST",status="201"}';
      return (await scrape(other)).samples.get(series) === 1;
    });
    await other.close();
  });
});

describe('who may read the metrics', () => {
  const NOT_FOUND = saying(404, 'Not found');
  const ask = async (headers: Record<string, string> = {}, method = 'GET') =>
    await fetch(`${test.url}/metrics`, { method, headers });
  const refused = async (headers: Record<string, string> = {}): Promise<void> => {
    const [answer, unknown] = [
      await client.send('GET', '/metrics', { headers }),
      await client.send('GET', '/nowhere', { headers }),
    ];
    expect(told(answer)).toEqual(NOT_FOUND);
    const plain = ({ headers: given }: typeof answer): string[] => [...given.keys()].sort();
    expect(plain(answer)).toEqual(plain(unknown));
    expect((await ask(headers, 'HEAD')).status).toBe(404);
  };

  it('without METRICS_TOKEN is a peer on the loopback interface', async () => {
    await begin();
    const answer = await ask();
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    parseExposition(await answer.text());
    const head = await ask({}, 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-type')).toBe(answer.headers.get('content-type'));
  });

  it.each(['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Proto', 'x-forwarded-anything'])(
    'without METRICS_TOKEN is nobody behind a proxy, told by %s, even an empty one',
    async (name) => {
      await begin({ trustProxy: 1 });
      await refused({ [name]: '127.0.0.1' });
      await refused({ [name]: '' });
      await refused({ [name]: '203.0.113.1', authorization: `Bearer ${TOKEN}` });
    },
  );

  it('with METRICS_TOKEN is whoever shows it, from anywhere, and nobody else', async () => {
    await begin({ metricsToken: TOKEN });
    for (const authorization of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`])
      expect((await ask({ authorization })).status).toBe(200);
    const behindProxy = { authorization: `Bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.9' };
    expect((await ask(behindProxy)).status).toBe(200);

    const { token } = await client.join();
    await refused();
    for (const authorization of [
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(1)}`,
      `Bearer ${TOKEN.toUpperCase()}`,
      'Bearer ',
      TOKEN,
      `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}`,
      `Bearer ${token}`,
    ])
      await refused({ authorization });
    await refused({ 'x-access-token': TOKEN });
    expect(JSON.stringify(test.logged())).not.toContain(TOKEN);
    expect(await text(test, { authorization: `Bearer ${TOKEN}` })).not.toContain(TOKEN);
  });

  it('does not matter to another method, which no path of that name has', async () => {
    await begin({ metricsToken: TOKEN });
    const answer = await client.send('POST', '/metrics');
    expect(told(answer)).toEqual(saying(405, 'Method not allowed'));
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });
});

describe('what is in deploy/ to watch the metrics with', () => {
  const ROOT = join(import.meta.dirname, '..');
  const dashboard = readFileSync(join(ROOT, 'deploy', 'grafana', 'student-auth.json'), 'utf8');
  const rules = readFileSync(join(ROOT, 'deploy', 'prometheus', 'student-auth.rules.yml'), 'utf8');

  /** The selectors of a text, `name{label="value",…}` or `name` alone, with what they ask for. */
  function asked(source: string): { name: string; labels: Map<string, RegExp> }[] {
    return [...source.matchAll(/\b((?:student_auth|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)].map(
      ([, name = '', inside = '']) => ({
        name,
        labels: new Map(
          [...inside.matchAll(/(\w+)(?:=~|=)"([^"]*)"/g)].map(([, label = '', values = '']) => [
            label,
            new RegExp(`^(?:${values})$`),
          ]),
        ),
      }),
    );
  }

  it('asks for metrics that there are, by labels and values that they have', async () => {
    await begin({ throttle: false });
    const { publicId, token, name, password } = await client.join();
    await client.get(`/student/${publicId}`, token);
    test.database.query = () => Promise.reject(new Error('the wheel came off'));
    await client.login(name, password);
    const { samples, types } = await requests(4);
    const series = [...samples.keys()];
    const text = (dashboard + rules).replaceAll('\\"', '"').replace(/"uid": "student-auth"/g, '');
    const selectors = asked(text);
    expect(selectors.length).toBeGreaterThan(30);
    for (const { name: metric, labels } of selectors) {
      const family = metric.replace(/_(?:bucket|sum|count)$/, '');
      expect([metric, types.get(metric) ?? types.get(family)]).toEqual([metric, expect.any(String)]);
      labels.delete('instance');
      labels.delete('job');
      const found = [...labels].every(([label, values]) =>
        series.some(
          (each) =>
            each.startsWith(`${metric}{`) &&
            values.test(new RegExp(`${label}="([^"]*)"`).exec(each)?.[1] ?? ''),
        ),
      );
      expect([metric, [...labels], found]).toEqual([metric, [...labels], true]);
    }
  });

  it('shows every metric of ours', async () => {
    await begin();
    const shown = new Set(asked(dashboard).map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, '')));
    const ours = [...(await scrape()).types.keys()].filter((name) => name.startsWith('student_auth_'));
    expect(ours.filter((name) => !shown.has(name))).toEqual([]);
  });
});
