import { once } from 'node:events';
import type { Server } from 'node:http';
import { answersUntilEnd, open } from '../../test/support/raw-http.js';
import { type HttpApp, startHttpApp } from '../../test/support/http-app.js';
import { prepareShutdown, type ShutdownTimes } from './graceful-shutdown.js';
import { type Phase, ShutdownState } from './shutdown-state.js';

const GET_GATE = 'GET /gate HTTP/1.1\r\nHost: a\r\n\r\n';
const GET_THING = 'GET /thing/1 HTTP/1.1\r\nHost: a\r\n\r\n';
const NEVER_MS = 20_000;
const PHASES: readonly Phase[] = ['serving', 'leaving', 'draining', 'closing'];

interface Stopping extends HttpApp {
  readonly server: Server;
  readonly drain: () => Promise<void>;
  readonly reached: (phase: Phase) => Promise<void>;
}

async function start(times: Partial<ShutdownTimes>): Promise<Stopping> {
  let drain = (): Promise<void> => Promise.reject(new Error('not prepared'));
  const prepared = { graceMs: 0, drainMs: 0, deadlineMs: NEVER_MS, ...times };
  const http = await startHttpApp({ prepare: (app) => (drain = prepareShutdown(app, prepared)) });
  const state = http.app.get(ShutdownState);
  const reached = async (phase: Phase): Promise<void> => {
    // A phase may be over before anybody looks.
    while (PHASES.indexOf(state.phase) < PHASES.indexOf(phase))
      await new Promise((resolve) => setImmediate(resolve));
  };
  return { ...http, server: http.app.getHttpServer(), drain, reached };
}

describe('shutdown', () => {
  it('answers the request under way and ends its connection', async () => {
    const { port, gate, drain, reached } = await start({});
    const waiting = once(gate, 'waiting');
    const socket = await open(port);
    const answers = answersUntilEnd(socket);
    socket.write(GET_GATE);
    await waiting;
    const drained = drain();
    await reached('closing');
    await expect(open(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    gate.open();
    expect(await answers).toEqual([
      expect.objectContaining({
        status: 200,
        body: '{"done":true}',
        headers: expect.objectContaining({ connection: 'close' }) as unknown,
      }),
    ]);
    await drained;
  });

  it('answers 503 to a request that arrives on a connection still in use', async () => {
    const { port, gate, server, drain, reached } = await start({});
    const waiting = once(gate, 'waiting');
    const socket = await open(port);
    const answers = answersUntilEnd(socket);
    socket.write(GET_GATE);
    await waiting;
    const drained = drain();
    await reached('closing');
    const arrived = once(server, 'request');
    socket.write(GET_THING);
    await arrived;
    gate.open();
    const [first, ...more] = await answers;
    expect(first).toMatchObject({ status: 200, body: '{"done":true}' });
    expect(more).toEqual([
      {
        status: 503,
        headers: {
          'retry-after': '1',
          connection: 'close',
          'cache-control': 'no-store',
          'content-type': 'application/json; charset=utf-8',
          'content-length': '51',
          'x-content-type-options': 'nosniff',
          'x-request-id': expect.any(String) as string,
          date: expect.any(String) as string,
        },
        body: '{"message":"The service is busy. Try again later."}',
      },
    ]);
    await drained;
  });

  it('first goes on as before', async () => {
    const { port, drain, reached } = await start({ graceMs: 300 });
    const drained = drain();
    await reached('leaving');
    const fresh = await open(port);
    const answers = answersUntilEnd(fresh);
    fresh.write(GET_THING);
    expect(await answers).toMatchObject([
      { status: 200, body: '{"id":"1"}', headers: { connection: 'keep-alive' } },
    ]);
    await drained;
  });

  it('then serves the connections there are, and tells each that it ends', async () => {
    const { port, drain, reached } = await start({ drainMs: 300 });
    const kept = await open(port);
    const keptAnswers = answersUntilEnd(kept);
    kept.write(GET_THING);
    await once(kept, 'data');
    const fresh = await open(port);
    const freshAnswers = answersUntilEnd(fresh);
    const drained = drain();
    await reached('draining');
    kept.write(GET_THING);
    fresh.write(GET_THING);
    const last = { status: 200, body: '{"id":"1"}', headers: { connection: 'close' } };
    expect(await keptAnswers).toMatchObject([{ status: 200, headers: { connection: 'keep-alive' } }, last]);
    expect(await freshAnswers).toMatchObject([last]);
    await expect(open(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await drained;
  });

  it('answers every request that was pipelined before it', async () => {
    const { port, gate, drain, reached } = await start({});
    const waiting = once(gate, 'waiting');
    const socket = await open(port);
    const answers = answersUntilEnd(socket);
    socket.write(GET_GATE + GET_THING + GET_THING);
    await waiting;
    const drained = drain();
    await reached('draining');
    gate.open();
    expect((await answers).map(({ status }) => status)).toEqual([200, 200, 200]);
    await drained;
  });

  it('is not held up by connections that are silent or idle', async () => {
    const { port, drain } = await start({});
    const silent = await open(port);
    const idle = await open(port);
    const both = Promise.all([answersUntilEnd(silent), answersUntilEnd(idle)]);
    idle.write(GET_THING);
    await once(idle, 'data');
    await drain();
    expect((await both).map((answers) => answers.map(({ status }) => status))).toEqual([[], [200]]);
  });

  it('cuts off at the deadline who stalls in headers, in a body, or in a handler', async () => {
    const { port, gate, drain } = await start({ deadlineMs: 200 });
    const ended = await Promise.all(
      [
        'GET /thing HTTP/1.1\r\n',
        'POST /thing HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{',
        GET_GATE,
      ].map(async (bytes) => {
        const socket = await open(port);
        const waiting = bytes === GET_GATE ? once(gate, 'waiting') : undefined;
        socket.write(bytes);
        await waiting;
        return { answers: answersUntilEnd(socket) };
      }),
    );
    await drain();
    expect(await Promise.all(ended.map(({ answers }) => answers))).toEqual([[], [], []]);
  });
});
