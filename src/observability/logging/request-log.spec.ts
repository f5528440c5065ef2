import { Writable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exchange } from '../../../test/support/raw-http.js';
import { type HttpApp, startHttpApp } from '../../../test/support/http-app.js';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

type Line = Record<string, unknown>;

/** Keeps the lines that are written to it. */
class Lines extends Writable {
  readonly lines: Line[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (const line of chunk.toString().split('\n').filter(Boolean))
      this.lines.push(JSON.parse(line) as Line);
    done();
  }

  of(requestId: string): Line[] {
    return this.lines.filter((line) => line['requestId'] === requestId);
  }
}

describe('the log', () => {
  const output = new Lines();
  const logger = createLogger({ production: true, logLevel: 'debug' }, output);
  let http: HttpApp;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    http = await startHttpApp({ logger });
    app = http.app;
  });

  afterAll(async () => {
    await app.close();
  });

  const canary = (name: string): string => `canary-${name}`;
  const ask = async (path: string, id: string, init: RequestInit = {}): Promise<void> => {
    const headers = {
      'x-request-id': id,
      authorization: `Basic ${canary('basic')}`,
      'x-access-token': canary('token'),
      cookie: canary('cookie'),
      'content-type': 'application/json',
    };
    await (await fetch(http.url + path, { headers, ...init })).text();
  };
  const written = async (id: string): Promise<Line[]> => {
    while (!output.of(id).some((line) => line['msg'] === 'request'))
      await new Promise((resolve) => setImmediate(resolve));
    return output.of(id);
  };

  it('has one line a request: id, method, route, status, duration', async () => {
    await ask('/thing/canary-id?q=canary-query', 'one');
    expect(await written('one')).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        pid: process.pid,
        requestId: 'one',
        method: 'GET',
        route: '/thing/:id',
        status: 200,
        durationMs: expect.any(Number) as number,
        msg: 'request',
      },
    ]);
  });

  it('has no route for a path that is nobody’s or unreadable', async () => {
    await ask('/nothing/canary-path', 'nobody');
    expect(await written('nobody')).toContainEqual(expect.objectContaining({ route: null, status: 404 }));
    await ask('/%zz-canary-path', 'unreadable');
    expect(await written('unreadable')).toContainEqual(expect.objectContaining({ route: null, status: 400 }));
  });

  it('describes an unexpected error, without what it carries', async () => {
    await ask('/broken', 'broken');
    expect(await written('broken')).toContainEqual(
      expect.objectContaining({
        level: 50,
        failure: 'internal',
        error: {
          type: 'Error',
          message: 'secret text',
          stack: expect.stringMatching(/^\s+at .*broken/) as string,
        },
      }),
    );
  });

  it('tells what kept the database from answering', async () => {
    await ask('/busy', 'busy');
    expect(await written('busy')).toContainEqual(
      expect.objectContaining({
        level: 40,
        error: expect.objectContaining({ code: 'SQLITE_BUSY' }) as unknown,
      }),
    );
  });

  it('tells of what was no request, and never what it was', async () => {
    await exchange(http.port, 'GET /canary-raw b c\r\nAuthorization: canary-basic\r\n\r\n');
    expect(output.lines).toContainEqual(
      expect.objectContaining({ msg: 'not an HTTP request', failure: 'bad-request' }),
    );
  });

  it('holds no credential, body, query or parameter', async () => {
    await ask('/thing', 'body', { method: 'POST', body: '{"name":"canary-body' });
    await ask('/thing', 'fields', { method: 'POST', body: '{"name":"canary-field"}' });
    await written('body');
    await written('fields');
    expect(JSON.stringify(output.lines)).not.toContain('canary');
  });

  it('takes what Nest says, and errors as we describe them', () => {
    const nest = new NestLogger(logger);
    nest.log('mapped', 'RouterExplorer');
    nest.log('started', 'Scheduler');
    nest.error(Object.assign(new Error('odd'), { parameters: ['canary'] }), 'Scheduler');
    nest.warn({ some: 'object' }, 'Scheduler');
    expect(output.lines.slice(-4)).toMatchObject([
      { level: 20, msg: 'mapped', context: 'RouterExplorer' },
      { level: 30, msg: 'started', context: 'Scheduler' },
      {
        level: 50,
        msg: 'an error from the framework',
        context: 'Scheduler',
        error: { type: 'Error', message: 'odd' },
      },
      { level: 40, msg: '{"some":"object"}' },
    ]);
    expect(JSON.stringify(output.lines.slice(-4))).not.toContain('canary');
  });
});
