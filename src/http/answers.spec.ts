import { request as httpRequest } from 'node:http';
import { type HttpApp, startHttpApp } from '../../test/support/http-app.js';

async function told(response: Response): Promise<[number, unknown]> {
  return [response.status, await response.json()];
}

describe('answers', () => {
  let http: HttpApp;

  beforeAll(async () => {
    http = await startHttpApp();
  });

  afterAll(async () => {
    await http.app.close();
  });

  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(http.url + path, { headers });

  it('say their type, their id, and that they are not to be sniffed or stored; not what sent them', async () => {
    const { headers } = await get('/thing/1');
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'content-length': '10',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      connection: 'keep-alive',
      'keep-alive': 'timeout=72',
      date: expect.any(String) as string,
    });
  });

  it('carry the caller’s own request id if it is a plain one', async () => {
    const idFor = async (id: string): Promise<string | null> =>
      (await get('/nothing', { 'x-request-id': id })).headers.get('x-request-id');
    expect(await idFor('A.b_c-1')).toBe('A.b_c-1');
    expect(await idFor('x'.repeat(64))).toBe('x'.repeat(64));
    for (const bad of ['x'.repeat(65), 'a b', 'é', '<x>', ''])
      expect(await idFor(bad)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('may be cached where the route says so, but its failures may not', async () => {
    expect((await get('/cached')).headers.get('cache-control')).toBe('public, max-age=300');
    expect((await get('/cached?fail=503')).headers.get('cache-control')).toBe('no-store');
  });

  it('of an unknown path: 404; of a known one with another method: 405 and its methods', async () => {
    expect(await told(await get('/nothing'))).toEqual([404, { message: 'Not found' }]);
    const other = await fetch(`${http.url}/thing/1`, {
      method: 'POST',
      body: '{broken',
      headers: { 'content-type': 'x' },
    });
    expect(other.headers.get('allow')).toBe('GET, HEAD, DELETE');
    expect(await told(other)).toEqual([405, { message: 'Method not allowed' }]);
  });

  it('take a long or odd parameter to its handler', async () => {
    const long = 'x'.repeat(8000);
    expect(await told(await get(`/thing/${long}`))).toEqual([200, { id: long }]);
    expect(await told(await get('/thing/%00%E2%80%AE%2F'))).toEqual([200, { id: '\0\u202e/' }]);
  });

  it.each([
    [400, 'The request is not valid.'],
    [401, 'Could not verify'],
    [403, 'Cannot perform that function!'],
    [404, 'Not found'],
    [413, 'The body is too large.'],
    [415, 'The body must be JSON in UTF-8.'],
    [429, 'Too many attempts. Try again later.'],
    [500, 'Something went wrong.'],
    [503, 'The service is busy. Try again later.'],
  ])('%i of the framework is told in our words', async (status, message) => {
    expect(await told(await get(`/cached?fail=${status}`))).toEqual([status, { message }]);
  });

  it('of 429 and 503 say when to come back, in at most 900 seconds', async () => {
    const throttled = await get('/throttled');
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '900']);
    const busy = await get('/busy');
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await busy.json()).toEqual({ message: 'The service is busy. Try again later.' });
  });

  it('tell nothing of an unexpected error', async () => {
    expect(await told(await get('/broken'))).toEqual([500, { message: 'Something went wrong.' }]);
  });

  it('name neither CORS nor an origin unless origins are set', async () => {
    const response = await get('/thing/1', { origin: 'https://a.example' });
    expect([...response.headers.keys()].filter((name) => /^(?:access-control|vary)/.test(name))).toEqual([]);
  });

  it('list pages with a link to the next, which keeps the other parameters', async () => {
    const first = await get('/thing?limit=2&x=a%20b&x=%3E');
    expect(await first.json()).toEqual({ things: [1, 2] });
    const link = /^<(\/thing\?limit=2&x=a\+b&x=%3E&cursor=[\w-]+)>; rel="next"$/.exec(
      first.headers.get('link') ?? '',
    );
    const last = await get(link?.[1] ?? '/no-link');
    expect(await last.json()).toEqual({ things: [3] });
    expect(last.headers.get('link')).toBeNull();
  });

  it.each(['0', '1001', '-1', '1e2', '01000', ' 1', '', 'x', '2&limit=2'])(
    'refuse ?limit=%s',
    async (limit) => {
      expect(await told(await get(`/thing?limit=${limit}`))).toEqual([
        400,
        { message: 'limit must be a whole number from 1 to 1000' },
      ]);
    },
  );

  it.each(['', 'x', 'WyJvdGhlciIsMV0', 'WyJ0aGluZ3MiLCIxIl0', 'WyJ0aGluZ3MiLDFd=', 'a&cursor=b'])(
    'refuse ?cursor=%s',
    async (cursor) => {
      expect(await told(await get(`/thing?cursor=${cursor}`))).toEqual([
        400,
        { message: 'cursor is not valid' },
      ]);
    },
  );

  it('keep a connection for the next request after a failure', async () => {
    const { createConnection } = await import('node:net');
    const socket = createConnection(http.port, '127.0.0.1');
    const ask = (options: object, body?: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const asked = httpRequest({
          createConnection: () => socket,
          headers: { connection: 'keep-alive' },
          ...options,
        });
        asked.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)));
        asked.on('error', reject);
        asked.end(body);
      });
    expect(await ask({ method: 'POST', path: '/thing' }, '{broken')).toBe(415);
    expect(await ask({ path: '/thing/1' })).toBe(200);
    socket.destroy();
  });
});

describe('CORS', () => {
  let http: HttpApp;

  beforeAll(async () => {
    http = await startHttpApp({ settings: { corsOrigins: ['https://a.example', 'http://localhost:3000'] } });
  });

  afterAll(async () => {
    await http.app.close();
  });

  const corsHeaders = ({ headers }: Response): Record<string, string> =>
    Object.fromEntries([...headers].filter(([name]) => /^(?:access-control|vary)/.test(name)));

  it('names a known origin on every answer, failures and unreadable paths too', async () => {
    for (const path of ['/thing/1', '/nothing', '/broken', '/%zz']) {
      const response = await fetch(http.url + path, { headers: { origin: 'https://a.example' } });
      expect(corsHeaders(response)).toEqual({
        vary: 'Origin',
        'access-control-allow-origin': 'https://a.example',
        'access-control-expose-headers': 'link, location, retry-after, x-request-id',
      });
    }
  });

  it.each(['https://b.example', 'null', 'https://a.example:443', 'https://a.example.evil'])(
    'does not name %s',
    async (origin) => {
      const response = await fetch(`${http.url}/thing/1`, { headers: { origin } });
      expect(corsHeaders(response)).toEqual({ vary: 'Origin' });
    },
  );

  const preflight = (origin: string): Promise<Response> =>
    fetch(`${http.url}/thing`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it('answers a preflight with 204 and what is allowed', async () => {
    const response = await preflight('http://localhost:3000');
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(corsHeaders(response)).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'content-type, authorization, x-access-token, x-request-id',
      'access-control-max-age': '600',
    });
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('allows nothing to an unknown origin’s preflight', async () => {
    const response = await preflight('https://b.example');
    expect([response.status, corsHeaders(response)]).toEqual([204, { vary: 'Origin' }]);
  });

  it('leaves an OPTIONS that is no preflight a method that nothing has', async () => {
    const response = await fetch(`${http.url}/thing`, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example' },
    });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });
});
