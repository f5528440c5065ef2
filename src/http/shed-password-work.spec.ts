import { Agent, type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { type HttpApp, startHttpApp } from '../../test/support/http-app.js';
import { ServiceUnavailable } from '../common/failures.js';
import { shedPasswordWork } from './shed-password-work.js';

describe('password work', () => {
  let http: HttpApp;
  let full: boolean;
  let lines: string[];

  beforeEach(async () => {
    full = true;
    lines = [];
    const refusal = () =>
      full ? new ServiceUnavailable({ reason: 'password-queue', retryAfterMs: 5_100 }) : undefined;
    http = await startHttpApp({
      logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
      prepare: (app) => shedPasswordWork(app.getHttpAdapter().getInstance(), refusal),
    });
  });

  afterEach(() => http.app.close());

  const work = (body = '{"a":1}', headers = {}) =>
    fetch(`${http.url}/costly`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it('is done while nothing stands against it', async () => {
    full = false;
    const answer = await work();
    expect([answer.status, await answer.json()]).toEqual([200, { a: 1 }]);
  });

  it('is turned away with 503 where it would wait too long, and nothing else is', async () => {
    const answer = await work('{"a":1}', { 'x-request-id': 'mine' });
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { message: 'The service is busy. Try again later.' },
    ]);
    expect(answer.headers.get('retry-after')).toBe('6');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).toBe('mine');
    expect((await fetch(`${http.url}/thing`)).status).toBe(200);
    full = false;
    expect((await work()).status).toBe(200);
  });

  it('is turned away however much comes at once, with one line in the log beside those of the requests', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => work()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(lines.filter((line) => line.includes('overloaded'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('"request"'))).toHaveLength(200);
  });

  it('leaves the connection good for the next request, though nobody read its body', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async () => {
      const headers = { 'content-type': 'application/json' };
      const asked = request(`${http.url}/costly`, { method: 'POST', agent, headers });
      asked.end(JSON.stringify({ a: 'x'.repeat(30_000) }));
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      await text(answer);
      return [answer.statusCode, asked.reusedSocket];
    };
    expect(await ask()).toEqual([503, false]);
    full = false;
    expect(await ask()).toEqual([200, true]);
    agent.destroy();
  });
});
