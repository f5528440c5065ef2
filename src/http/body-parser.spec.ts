import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { exchange, open, bytesWith } from '../../test/support/raw-http.js';
import { type HttpApp, startHttpApp } from '../../test/support/http-app.js';

const VECTORS = new URL('../../test/vectors/JSONTestSuite/test_parsing/', import.meta.url);
const NOT_JSON = { message: 'The body is not valid JSON.' };
const NOT_OBJECT = { message: 'The body must be a JSON object.' };
const UNSUPPORTED = { message: 'The body must be JSON in UTF-8.' };
const TOO_LARGE = { message: 'The body is too large.' };
const NO_NAME = { message: 'name must be a string' };

describe('request bodies', () => {
  let http: HttpApp;

  beforeAll(async () => {
    http = await startHttpApp();
  });

  afterAll(async () => {
    await http.app.close();
  });

  const post = async (
    body: string | Uint8Array<ArrayBuffer> | ReadableStream | undefined,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<[number, unknown]> => {
    const sent = body === undefined ? {} : { body, duplex: 'half' };
    const response = await fetch(`${http.url}/thing`, { method: 'POST', headers, ...sent } as RequestInit);
    return [response.status, await response.json()];
  };

  it.each([
    'application/json',
    'APPLICATION/Json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json;',
  ])('are read as %s', async (type) => {
    expect(await post('{"name":"abc"}', { 'content-type': type })).toEqual([201, { name: 'abc' }]);
  });

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'application/problem+json',
    'application/jsonp',
    'text/json',
    'json',
    '*/*',
    '',
  ])('are refused as %p', async (type) => {
    const raw = `POST /thing HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: 14\r\n\r\n{"name":"abc"}`;
    const [answer] = await exchange(http.port, raw);
    expect([answer?.status, answer?.body]).toEqual([415, JSON.stringify(UNSUPPORTED)]);
  });

  it('are refused without a type', async () => {
    expect(await post(new TextEncoder().encode('{"name":"abc"}'), {})).toEqual([415, UNSUPPORTED]);
  });

  it('are refused in a content coding other than identity', async () => {
    const json = { 'content-type': 'application/json' };
    const zipped = new Uint8Array(gzipSync('{"name":"abc"}'));
    expect(await post(zipped, { ...json, 'content-encoding': 'gzip' })).toEqual([415, UNSUPPORTED]);
    expect(await post('{"name":"abc"}', { ...json, 'content-encoding': 'br, identity' })).toEqual([
      415,
      UNSUPPORTED,
    ]);
    expect(await post('{"name":"abc"}', { ...json, 'content-encoding': 'Identity' })).toEqual([
      201,
      { name: 'abc' },
    ]);
  });

  it('that are empty count as {}, whatever type they claim', async () => {
    for (const type of ['application/json', 'text/plain', 'nonsense']) {
      expect(await post('', { 'content-type': type })).toEqual([400, NO_NAME]);
    }
    expect(await post(undefined, {})).toEqual([400, NO_NAME]);
    expect(await post(new Blob([]).stream(), { 'content-type': 'text/plain' })).toEqual([400, NO_NAME]);
  });

  it('are read to 64 KiB and no further', async () => {
    const sized = (bytes: number): string => `{"name":"abc"${' '.repeat(bytes - 14)}}`;
    expect(await post(sized(65_536))).toEqual([201, { name: 'abc' }]);
    expect(await post(sized(65_537))).toEqual([413, TOO_LARGE]);
    expect(await post(new Blob([sized(65_536)]).stream())).toEqual([201, { name: 'abc' }]);
    expect(await post(new Blob([sized(65_537)]).stream())).toEqual([413, TOO_LARGE]);
  });

  it('that are too large are told so first, and to the client that is still sending', async () => {
    expect(await post('x'.repeat(5_000_000), { 'content-type': 'text/plain' })).toEqual([413, TOO_LARGE]);
    expect(await post(new Blob(['x'.repeat(5_000_000)]).stream(), {})).toEqual([413, TOO_LARGE]);
  });

  it('that are announced too large are not waited for, and do not cost the connection', async () => {
    const socket = await open(http.port);
    const refused = bytesWith(socket, TOO_LARGE.message);
    socket.write(
      'POST /thing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 65537\r\n\r\n',
    );
    expect(await refused).toContain('HTTP/1.1 413 ');
    const next = bytesWith(socket, '{"id":"1"}');
    socket.write(`${'x'.repeat(65_537)}GET /thing/1 HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(await next).toContain('HTTP/1.1 200 ');
    socket.destroy();
  });

  it.each(['null', '1', '"x"', 'true', '[]', '[{"name":"abc"}]'])(
    'that are the JSON value %s are refused',
    async (body) => {
      expect(await post(body)).toEqual([400, NOT_OBJECT]);
    },
  );

  it.each(['{', '{"name":"abc"', "{'name':1}", 'name=abc', '{"name":"abc"}}', '\0', ' '])(
    'that are %j are not JSON',
    async (body) => {
      expect(await post(body)).toEqual([400, NOT_JSON]);
    },
  );

  it('must be UTF-8, with a byte order mark or without', async () => {
    const bytes = (text: string, end: number[]): Uint8Array<ArrayBuffer> =>
      Uint8Array.from([...new TextEncoder().encode(text), ...end, ...new TextEncoder().encode('"}')]);
    expect(await post(bytes('{"name":"', [0xc3, 0xa9]))).toEqual([201, { name: 'é' }]);
    expect(await post(bytes('\uFEFF{"name":"', [0xc3, 0xa9]))).toEqual([201, { name: 'é' }]);
    for (const broken of [[0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80]]) {
      expect(await post(bytes('{"name":"', broken))).toEqual([400, NOT_JSON]);
    }
  });

  it('may not be nested deeply', async () => {
    const deep = { message: 'The body is nested too deeply.' };
    expect(await post(`{"name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)).toEqual([400, deep]);
    expect(await post(`${'{"name":'.repeat(5_000)}1${'}'.repeat(5_000)}`)).toEqual([400, deep]);
    expect(await post('[]'.repeat(1))).toEqual([400, NOT_OBJECT]);
  });

  it('of a route that takes none are ignored, however broken', async () => {
    for (const [type, body] of [
      ['text/plain', 'x'],
      ['application/json', '{broken'],
      ['x', 'y'],
      ['application/json', 'x'.repeat(100_000)],
    ] as const) {
      const response = await fetch(`${http.url}/thing/1`, {
        method: 'DELETE',
        body,
        headers: { 'content-type': type, 'content-encoding': 'gzip' },
      });
      expect([response.status, await response.json()]).toEqual([200, { body: null }]);
    }
  });
});

describe('request bodies of JSONTestSuite', () => {
  let http: HttpApp;

  beforeAll(async () => {
    http = await startHttpApp();
  });

  afterAll(async () => {
    await http.app.close();
  });

  const send = async (file: string): Promise<{ status: number; message: string }> => {
    const response = await fetch(`${http.url}/thing`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(readFileSync(new URL(encodeURIComponent(file), VECTORS))),
    });
    return { status: response.status, message: ((await response.json()) as { message: string }).message };
  };
  const files = readdirSync(VECTORS).filter((file) => file.endsWith('.json'));

  it('are all here', () => {
    expect(files).toHaveLength(318);
  });

  // What passes the parser fails at the fields, or as another value than an object: none of these bodies has a name.
  it.each(files.filter((file) => file.startsWith('y_')))('%s is read', async (file) => {
    const { status, message } = await send(file);
    expect(status).toBe(400);
    expect(message).not.toBe(NOT_JSON.message);
  });

  it.each(files.filter((file) => file.startsWith('n_')))('%s is refused', async (file) => {
    const size = readFileSync(new URL(encodeURIComponent(file), VECTORS)).length;
    // No bytes at all are no body, and one file is larger than any body.
    const expected =
      size === 0
        ? { status: 400, ...NO_NAME }
        : size > 65_536
          ? { status: 413, ...TOO_LARGE }
          : { status: 400, ...NOT_JSON };
    expect(await send(file)).toEqual(expected);
  });

  it.each(files.filter((file) => file.startsWith('i_')))('%s is answered', async (file) => {
    expect((await send(file)).status).toBe(400);
  });
});
