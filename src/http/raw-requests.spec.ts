import { answersUntilEnd, bytesWith, exchange, open, type RawAnswer } from '../../test/support/raw-http.js';
import { type HttpApp, startHttpApp } from '../../test/support/http-app.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Every header of a failure that ends the connection, and nothing else. */
function failure(status: number, message: string, more: Record<string, string> = {}): unknown {
  const body = JSON.stringify({ message });
  return {
    status,
    headers: {
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(UUID) as string,
      'x-content-type-options': 'nosniff',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      date: expect.stringContaining('GMT') as string,
      connection: 'close',
      ...more,
    },
    body,
  };
}

const ALLOW_THINGS = { allow: 'GET, HEAD, POST' };

describe('requests as bytes', () => {
  let http: HttpApp;

  beforeAll(async () => {
    http = await startHttpApp({
      timeouts: { headers: 150, request: 250, keepAlive: 5_000, checkEvery: 20 },
    });
  });

  afterAll(async () => {
    await http.app.close();
  });

  const send = async (...parts: (string | Buffer)[]): Promise<RawAnswer[]> => exchange(http.port, ...parts);

  it('a missing Host is refused in HTTP/1.1', async () => {
    expect(await send('GET /thing HTTP/1.1\r\n\r\n')).toEqual([
      failure(400, 'The Host header is missing or repeated.'),
    ]);
  });

  it('a second Host is refused', async () => {
    expect(await send('GET /thing HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')).toEqual([
      failure(400, 'The Host header is missing or repeated.'),
    ]);
  });

  it('HTTP/1.0 needs no Host', async () => {
    const [answer] = await send('GET /thing/1 HTTP/1.0\r\n\r\n');
    expect(answer).toMatchObject({ status: 200, body: '{"id":"1"}' });
  });

  it('an unknown Expect is refused', async () => {
    expect(await send('GET /thing HTTP/1.1\r\nHost: a\r\nExpect: foo\r\n\r\n')).toEqual([
      failure(417, 'The expectation cannot be met.'),
    ]);
  });

  it('an Expect of 100-continue is met', async () => {
    const socket = await open(http.port);
    const continued = bytesWith(socket, '100 Continue\r\n\r\n');
    socket.write(
      'POST /thing HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n' +
        'Content-Type: application/json\r\nContent-Length: 14\r\n\r\n',
    );
    await continued;
    const answers = answersUntilEnd(socket);
    socket.write('{"name":"abc"}');
    expect(await answers).toEqual([expect.objectContaining({ status: 201, body: '{"name":"abc"}' })]);
  });

  it.each(['FOO', 'foo', 'PROPFINDX', 'GE', 'P'])(
    '%s, which no parser knows, is another method of a path',
    async (method) => {
      expect(await send(`${method} /thing?x=1 HTTP/1.1\r\nHost: a\r\n\r\n`)).toEqual([
        failure(405, 'Method not allowed', ALLOW_THINGS),
      ]);
      expect(await send(`${method} /nothing HTTP/1.1\r\nHost: a\r\n\r\n`)).toEqual([
        failure(404, 'Not found'),
      ]);
      expect(await send(`${method} /%zz HTTP/1.1\r\nHost: a\r\n\r\n`)).toEqual([
        failure(400, 'The path is not valid.'),
      ]);
    },
  );

  it.each(['PROPFIND', 'PURGE', 'TRACE', 'QUERY', 'OPTIONS', 'SOURCE', 'PUT'])(
    '%s is another method of a path',
    async (method) => {
      const asked = async (path: string): Promise<RawAnswer[]> =>
        send(`${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      expect(await asked('/thing?x=1')).toEqual([failure(405, 'Method not allowed', ALLOW_THINGS)]);
      expect(await asked('/nothing')).toEqual([failure(404, 'Not found')]);
    },
  );

  it('CONNECT is another method of a path, and no tunnel', async () => {
    expect(await send('CONNECT /thing HTTP/1.1\r\nHost: a\r\n\r\n')).toEqual([
      failure(405, 'Method not allowed', ALLOW_THINGS),
    ]);
    expect(await send('CONNECT /nothing HTTP/1.1\r\nHost: a\r\n\r\n')).toEqual([failure(404, 'Not found')]);
    expect(await send('CONNECT example.org:80 HTTP/1.1\r\nHost: a\r\n\r\n')).toEqual([
      failure(404, 'Not found'),
    ]);
  });

  it('headers beyond 16 KiB are refused', async () => {
    expect(await send(`GET /thing HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toEqual([
      failure(431, 'The request headers are too large.'),
    ]);
  });

  it.each([
    ['a request line without a version', 'GET /a b c\r\n\r\n'],
    ['a TLS handshake', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a header without a colon', 'GET /thing HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n'],
    [
      'two lengths of one body',
      'POST /thing HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
    ['a method alone', 'FOO'],
  ])('%s is not HTTP', async (_what, bytes) => {
    expect(await send(bytes)).toEqual([failure(400, 'The request is not valid HTTP.')]);
  });

  it('a broken chunk is the answer of its request, under the id the caller gave', async () => {
    expect(
      await send(
        'POST /thing HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\nContent-Type: application/json\r\n' +
          'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n',
      ),
    ).toEqual([failure(400, 'The request is not valid HTTP.', { 'x-request-id': 'mine' })]);
  });

  it('a request before a broken one is answered first', async () => {
    const [first, second, ...more] = await send(
      'GET /thing/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /thing/2 HTTP/1.1\r\nHost: a\r\n\r\nFOO /thing HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    expect(first).toMatchObject({ status: 200, body: '{"id":"1"}' });
    expect(second).toMatchObject({ status: 200, body: '{"id":"2"}' });
    expect(more).toEqual([failure(405, 'Method not allowed', ALLOW_THINGS)]);
  });

  it('headers that do not come are not waited for', async () => {
    expect(await send('GET /thing HTTP/1.1\r\nHost: a\r\n')).toEqual([
      failure(408, 'The request took too long to arrive.'),
    ]);
  });

  it('a body that does not come is not waited for', async () => {
    expect(
      await send(
        'POST /thing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
      ),
    ).toEqual([failure(408, 'The request took too long to arrive.')]);
  });

  it.each(['/%', '/thing/%zz', '/thing/%E0%A4', '/%zz?a=b'])('the path %s is refused', async (path) => {
    expect(await send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).toEqual([
      failure(400, 'The path is not valid.'),
    ]);
  });

  it.each(['/', '*', '//thing', '/thing/', '/thing//', '/Thing', '/thing/1/', '/..', '/thing/../x'])(
    'the path %s is nobody’s',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        expect(await send(`${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).toEqual([
          failure(404, 'Not found'),
        ]);
      }
    },
  );

  it('an absolute target is its path', async () => {
    const [answer] = await send('GET http://b/thing/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(answer).toMatchObject({ status: 200, body: '{"id":"1"}' });
  });

  it('HEAD answers as GET does, without the body', async () => {
    const [head] = await send('HEAD /thing/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const [get] = await send('GET /thing/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const changing = { date: expect.any(String) as string, 'x-request-id': expect.any(String) as string };
    expect({ ...head, body: '' }).toEqual({
      status: 200,
      headers: { ...get?.headers, ...changing },
      body: '',
    });
    expect(get?.body).toBe('{"id":"1"}');
  });
});
