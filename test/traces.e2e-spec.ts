import { basic, Client } from './support/client.js';
import { type Collector, type SentSpan, startCollector } from './support/otlp-collector.js';
import { askAndLeave } from './support/raw-http.js';
import { startApp, type TestApp } from './support/start-app.js';
import { databaseKind } from './support/test-database.js';
import { openSession, refresh } from './support/token-pairs.js';
import { until } from './support/until.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const SERVER = 2;

let collector: Collector;
let test: TestApp;
let client: Client;
let closed: boolean;

async function begin(settings: Parameters<typeof startApp>[0] = {}): Promise<void> {
  test = await startApp({ otlpEndpoint: collector.endpoint, ...settings });
  client = new Client(test.url);
  closed = false;
}

beforeEach(async () => (collector = await startCollector()));

afterEach(async () => {
  await end();
  await collector.close();
});

/** Closes the application, which sends what it still holds. */
async function end(): Promise<void> {
  if (!closed) await test.close();
  closed = true;
}

/** All spans of the application, which is closed for that. */
async function sent(): Promise<SentSpan[]> {
  await end();
  return collector.spans();
}

/** The spans of requests with this name, each with its parts in order. */
async function requestsNamed(name: string): Promise<{ request: SentSpan; parts: SentSpan[] }[]> {
  const spans = await sent();
  return spans
    .filter((span) => span.name === name && span.kind === SERVER)
    .map((request) => ({
      request,
      parts: spans
        .filter(({ parentSpanId }) => parentSpanId === request.spanId)
        .sort((a, b) => Number(a.start - b.start)),
    }));
}

async function onlyRequest(name: string) {
  const [found, ...more] = await requestsNamed(name);
  if (!found || more.length > 0) throw new Error(`not one request ${name}`);
  return found;
}

describe('the trace of a request', () => {
  it('is a span under the semantic conventions for HTTP, with a part for each statement', async () => {
    await begin();
    const { publicId, token } = await client.join();
    const headers = { 'user-agent': 'a-browser/1.0' };
    await client.send('GET', `/student/${publicId}?secret=1`, { token, headers });
    const { request, parts } = await onlyRequest('GET /student/:public_id');
    expect(request.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'http.route': '/student/:public_id',
      'url.path': `/student/${publicId}`,
      'url.scheme': 'http',
      'client.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'a-browser/1.0',
    });
    expect([request.parentSpanId, request.status]).toEqual([undefined, 0]);
    expect(parts.map(({ name, kind }) => [name, kind])).toEqual([
      ['SELECT session', 3],
      ['SELECT student', 3],
    ]);
    for (const { traceId, start, end, attributes } of parts) {
      expect(traceId).toBe(request.traceId);
      expect(start >= request.start && end >= start && end <= request.end).toBe(true);
      expect(attributes['db.system.name']).toBe(databaseKind === 'sqlite' ? 'sqlite' : 'postgresql');
      expect(attributes['db.query.text']).toMatch(/^SELECT [^']+ WHERE /);
    }
  });

  it('of a login shows its wait for a thread, the check and the transaction', async () => {
    await begin();
    const { name, password } = await client.enrol();
    await openSession(client, { name, password });
    const { request, parts } = await onlyRequest('POST /login');
    const names = parts.map((part) => part.name);
    const inOrder = [
      'SELECT student',
      'password wait',
      'password check',
      'INSERT audit_event',
      'INSERT session',
    ];
    expect(names.filter((each) => inOrder.includes(each)).slice(0, 3)).toEqual(inOrder.slice(0, 3));
    expect(names).toEqual(expect.arrayContaining([...inOrder, 'COMMIT']));
    const check = parts.find((part) => part.name === 'password check');
    const wait = parts.find((part) => part.name === 'password wait');
    expect(check && wait && wait.end <= check.start && check.end <= request.end).toBe(true);
    expect([check?.attributes, wait?.attributes]).toEqual([{}, {}]);
  });

  it('of requests at once are kept apart, each with its own parts', async () => {
    await begin({ throttle: false });
    const { name, password, token, publicId } = await client.join();
    await Promise.all([
      ...Array.from({ length: 20 }, () => client.get(`/student/${publicId}`, token)),
      ...Array.from({ length: 5 }, () => openSession(client, { name, password })),
    ]);
    const reads = await requestsNamed('GET /student/:public_id');
    expect(reads).toHaveLength(20);
    for (const { parts } of reads)
      expect(parts.map((part) => part.name)).toEqual(['SELECT session', 'SELECT student']);
    const logins = await requestsNamed('POST /login');
    expect(logins).toHaveLength(5);
    for (const { parts } of logins)
      expect(parts.filter((part) => part.name === 'password check')).toHaveLength(1);
  });

  it('goes on with that of a caller who names one', async () => {
    await begin();
    await client.send('GET', '/health/live', { headers: { traceparent: `00-${TRACE}-${SPAN}-01` } });
    const { request } = await onlyRequest('GET /health/live');
    expect([request.traceId, request.parentSpanId]).toEqual([TRACE, SPAN]);
  });

  it('is not sent when the caller says that it is not sampled, and begins here when that is unreadable', async () => {
    await begin();
    await client.send('GET', '/health/live', { headers: { traceparent: `00-${TRACE}-${SPAN}-00` } });
    await client.send('GET', '/health/ready', { headers: { traceparent: `00-${TRACE}-zz-01` } });
    const { request, parts } = await onlyRequest('GET /health/ready');
    expect(request.traceId).not.toBe(TRACE);
    expect(request.parentSpanId).toBeUndefined();
    expect(parts).not.toEqual([]);
    expect(await requestsNamed('GET /health/live')).toEqual([]);
    const marked = test.logged().filter((line) => line['trace_id'] !== undefined);
    expect(marked.map(({ route }) => route)).toEqual(['/health/ready']);
  });

  it('is named in the lines that the log has on the request', async () => {
    await begin();
    await client.send('GET', '/student', { token: 'wrong', headers: { 'x-request-id': 'traced' } });
    const { request } = await onlyRequest('GET /student');
    const lines = test.logged().filter(({ requestId }) => requestId === 'traced');
    expect(lines.map(({ msg }) => msg)).toEqual(['Token is invalid!', 'request']);
    for (const line of lines)
      expect(line).toMatchObject({ trace_id: request.traceId, span_id: request.spanId });
  });
});

describe('how a request ended', () => {
  const endOf = ({ request: { attributes, status } }: { request: SentSpan }): unknown => [
    attributes['http.response.status_code'],
    status,
    attributes['error.type'],
  ];

  it("is an error only where it is the server's", async () => {
    await begin();
    const { token } = await client.join();
    await client.get('/student');
    await client.get('/student/00000000-0000-4000-8000-000000000000', token);
    expect(endOf(await onlyRequest('GET /student'))).toEqual([401, 0, undefined]);
    expect(endOf(await onlyRequest('GET /student/:public_id'))).toEqual([404, 0, undefined]);
  });

  it('is told by what stands behind it', async () => {
    await begin();
    const { name, password, token } = await client.join();
    test.database.query = () => Promise.reject(new Error('canary'));
    await client.get('/student', token);
    test.database.query = () => Promise.reject(Object.assign(new Error('canary'), { code: 'SQLITE_BUSY' }));
    await client.login(name, password);
    expect(endOf(await onlyRequest('GET /student'))).toEqual([500, 2, 'internal']);
    const [, unavailable] = await requestsNamed('GET /login');
    expect(unavailable && endOf(unavailable)).toEqual([503, 2, 'database']);
  });

  it('of a statement is an error with its code', async () => {
    await begin();
    const { name } = await client.enrol();
    expect((await client.register({ name, email: 'a@example.org', password: 'correct horse' })).status).toBe(
      409,
    );
    const [, second] = await requestsNamed('POST /student');
    expect(second && endOf(second)).toEqual([409, 0, undefined]);
    const failed = second?.parts.filter(({ status }) => status === 2) ?? [];
    expect(failed.map((part) => [part.name, part.attributes['error.type']])).toEqual([
      ['INSERT login_key', databaseKind === 'sqlite' ? 'SQLITE_CONSTRAINT_PRIMARYKEY' : '23505'],
    ]);
  });

  it('is left open where the client was gone', async () => {
    await begin();
    const { name, password } = await client.enrol();
    const login = `GET /login HTTP/1.1\r\nHost: a\r\nAuthorization: ${basic(name, password)}\r\n\r\n`;
    await askAndLeave(Number(new URL(test.url).port), login);
    await until('the request is over', () =>
      test.logged().some(({ route, aborted }) => route === '/login' && aborted === true),
    );
    expect(endOf(await onlyRequest('GET /login'))).toEqual([undefined, 0, undefined]);
  });
});

describe('what is sent to the collector', () => {
  it('goes to /v1/traces and names the service', async () => {
    await begin();
    await client.get('/health/live');
    await end();
    expect(collector.deliveries).toMatchObject([
      { path: '/v1/traces', headers: { 'content-type': 'application/json' } },
    ]);
    expect(collector.resource()).toMatchObject({
      'service.name': 'student-auth',
      'service.version': expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  it('holds no credential, no name, no e-mail, no query and no path that is nobody’s', async () => {
    await begin({ throttle: false });
    const student = await client.enrol({
      name: 'canary-name',
      email: 'canary-mail@example.org',
      password: 'canary-password',
    });
    const token = await client.tokenOf(student.name, student.password);
    const pair = await openSession(client, student);
    await refresh(client, pair.refresh_token);
    await refresh(client, 'canary-refresh');
    await client.login('canary-unknown', 'canary-wrong');
    await client.login(student.email, 'canary-wrong');
    await client.send('POST', '/login', { json: { email: student.email, password: 'canary-wrong' } });
    await client.get('/student?q=canary&role=user', token);
    await client.get(`/student/${student.email}`, token);
    await client.get('/canary-path', token);
    await client.get('/%zzcanary', token);
    await client.get('/docs/canary', token);
    await client.get('/student', 'canary-token');
    await client.send('POST', '/canary', {
      body: '{"canary"',
      headers: { traceparent: 'canary', tracestate: 'canary=1' },
    });
    await client.register({
      name: 'canary-name',
      email: 'canary-2@example.org',
      password: 'canary-password',
    });
    await client.send('PATCH', `/student/${student.publicId}`, { token, json: { name: 'canary-new' } });
    await client.send('PUT', `/student/${student.publicId}/password`, {
      token,
      json: { current_password: student.password, new_password: 'canary-new-password' },
    });
    await client.send('DELETE', `/student/${student.publicId}`, {
      token,
      json: { current_password: 'canary-no' },
    });
    const spans = await sent();
    expect(spans.filter(({ kind }) => kind === SERVER)).toHaveLength(19);
    const bodies = collector.deliveries.map(({ body }) => body).join('\n');
    for (const secret of ['canary', token, pair.token, pair.refresh_token, '$argon2', '/student?'])
      expect(bodies).not.toContain(secret);
    // Numbers that TypeORM writes into a statement's text are values too.
    for (const text of new Set(spans.map(({ attributes }) => attributes['db.query.text'] ?? '')))
      expect(text).not.toMatch(/'|(?<![\w$"])\d/);
  });
});

describe('a collector that fails', () => {
  const told = (msg: string) => test.logged().filter((line) => line['msg'] === msg);
  const LOST = 'traces do not reach the collector; requests go on';
  const AGAIN = 'traces reach the collector again';

  beforeEach(() => {
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = '20';
    process.env['OTEL_EXPORTER_OTLP_TIMEOUT'] = '200';
  });
  afterEach(() => {
    delete process.env['OTEL_BSP_SCHEDULE_DELAY'];
    delete process.env['OTEL_EXPORTER_OTLP_TIMEOUT'];
  });

  it.each([400, 503, 'never'] as const)(
    '(%p) fails no request, and is told once, as is its return',
    async (how) => {
      collector.answer(how);
      await begin();
      const deliveriesAfter = async (count: number): Promise<void> =>
        await until('more is sent', async () => {
          expect((await client.get('/health/ready')).status).toBe(200);
          return collector.deliveries.length >= count;
        });
      await deliveriesAfter(3);
      await until('that is told', () => told(LOST).length > 0);
      collector.answer(200);
      await deliveriesAfter(collector.deliveries.length + 3);
      await until('the return is told', () => told(AGAIN).length > 0);
      await end();
      expect([told(LOST).length, told(AGAIN).length]).toEqual([1, 1]);
      expect(told(AGAIN)[0]?.['lostSpans']).toBeGreaterThan(0);
      expect(told(LOST)[0]).toMatchObject({ level: 40 });
    },
  );

  it('by not being there neither', async () => {
    const nowhere = await startCollector();
    await nowhere.close();
    await begin({ otlpEndpoint: nowhere.endpoint });
    const { name, password } = await client.enrol();
    expect((await client.login(name, password)).status).toBe(200);
    await until('that is told', () => told(LOST).length > 0);
    expect(told(LOST)[0]?.['error']).toMatchObject({ code: 'ECONNREFUSED' });
  });
});
