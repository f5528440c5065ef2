import { Client } from './support/client.js';
import { startApp, type TestApp } from './support/start-app.js';

const ORIGIN = 'https://app.example.org';

let test: TestApp;
afterEach(() => test.close());

const ask = (method: string, origin: string, headers: Record<string, string> = {}) =>
  new Client(test.url).send(method, '/student', { headers: { origin, ...headers } });

describe('CORS_ORIGINS', () => {
  it('lets exactly those origins in, without credentials', async () => {
    test = await startApp({ corsOrigins: [ORIGIN] });
    const answer = await ask('GET', ORIGIN);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('vary')).toMatch(/origin/i);
    const exposed = answer.headers.get('access-control-expose-headers')?.split(/, ?/).sort();
    expect(exposed).toEqual(['link', 'location', 'retry-after', 'x-request-id']);
    for (const other of [
      'https://evil.example',
      `${ORIGIN}.evil.example`,
      'null',
      'http://app.example.org',
    ]) {
      expect((await ask('GET', other)).headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('answers a preflight with 204', async () => {
    test = await startApp({ corsOrigins: [ORIGIN] });
    const answer = await ask('OPTIONS', ORIGIN, {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-access-token',
    });
    expect([answer.status, answer.text]).toEqual([204, '']);
    const allowed = answer.headers.get('access-control-allow-headers')?.split(/, ?/).sort();
    expect(allowed).toEqual(['authorization', 'content-type', 'x-access-token', 'x-request-id']);
  });

  it('unset says nothing, and OPTIONS is a method like any other', async () => {
    test = await startApp();
    const answer = await ask('OPTIONS', ORIGIN, { 'access-control-request-method': 'POST' });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });
});
