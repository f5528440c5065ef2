import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import { until } from '../../test/support/until.js';
import { type OverloadLimits, shedUnderPressure } from './overload.js';

const PATIENT = { delayMs: 1e9, heapBytes: 1e15, sampleMs: 10 };

describe('under overload', () => {
  let http: HttpApp;
  let lines: string[];

  async function start(limits: Partial<OverloadLimits>): Promise<void> {
    lines = [];
    const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    http = await startHttpApp({
      logger,
      prepare: (app) => shedUnderPressure(app.getHttpAdapter().getInstance(), { ...PATIENT, ...limits }),
    });
  }

  const status = async (path: string): Promise<number> => (await fetch(http.url + path)).status;

  afterEach(() => http.app.close());

  it.each([{ heapBytes: 1 }, { delayMs: 1e-9 }])(
    'of %j answers 503, and goes on answering what watches it',
    async (limits) => {
      await start(limits);
      await until('it is overloaded', async () => (await status('/thing')) === 503);
      const answer = await fetch(`${http.url}/thing`);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { message: 'The service is busy. Try again later.' },
      ]);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-request-id')).toEqual(expect.any(String));
      expect(await status('/watch')).toBe(200);
      expect(lines.filter((line) => line.includes('overloaded'))).toHaveLength(1);
    },
  );

  it('is not taken to be there without any', async () => {
    await start({ sampleMs: 500 });
    const { app } = http;
    const instance: FastifyInstance = app.getHttpAdapter().getInstance();
    await until('a sample was taken', () => instance.memoryUsage().heapUsed > 0);
    expect(await status('/thing')).toBe(200);
    expect(lines.filter((line) => line.includes('overloaded'))).toEqual([]);
  });
});
