import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { describeError } from './describe-error.js';
import { ShutdownState } from './shutdown-state.js';

/** Milliseconds. */
export interface ShutdownTimes {
  /** How long all goes on as before while the process already says that it is not ready. */
  readonly graceMs: number;
  /** How long the connections there are are then served, each to its next answer. */
  readonly drainMs: number;
  /** When, after the signal, whoever is still connected is cut off. */
  readonly deadlineMs: number;
}

const TIMES: ShutdownTimes = { graceMs: 300, drainMs: 400, deadlineMs: 8_000 };

const REAP_EVERY_MS = 50;

/** How many turns of the event loop must bring nothing before nothing is taken to be on its way, and how long to try. */
const QUIET_TURNS = 2;
const LONGEST_WAIT_FOR_QUIET_MS = 1_000;

/** What the application has to close itself after the last request, before the process ends anyway. */
const LAST_RESORT_MS = 1_500;

/**
 * Ends the process with 0 at SIGTERM or SIGINT, once the requests under way are answered and the application is closed.
 * Before `app.listen()`. A further signal changes nothing.
 */
export function installGracefulShutdown(
  app: NestFastifyApplication,
  times: Partial<ShutdownTimes> = {},
): void {
  const shutDown = prepareShutdown(app, { ...TIMES, ...times });
  const { log } = app.getHttpAdapter().getInstance();
  let begun = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (begun) return;
    begun = true;
    log.info({ signal }, 'shutting down');
    shutDown()
      .then(() => log.info('shut down'))
      .catch((error: unknown) => log.error({ error: describeError(error) }, 'shutting down failed'))
      .finally(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Follows the application's connections from now on; the function it returns drains them and closes the application. */
export function prepareShutdown(app: NestFastifyApplication, times: ShutdownTimes): () => Promise<void> {
  const state = app.get(ShutdownState, { strict: false });
  const server: Server = app.getHttpServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const cut = AbortSignal.timeout(times.deadlineMs);
    cut.addEventListener('abort', () => sockets.forEach((socket) => socket.destroy()));
    state.phase = 'leaving';
    await sleep(times.graceMs);
    await acceptPending(server);
    const closed = stopListening(server);
    state.phase = 'draining';
    await sleep(times.drainMs);
    state.phase = 'closing';
    await lastConnection(server, sockets, closed);
    await Promise.race([app.close(), sleep(LAST_RESORT_MS, undefined, { ref: false })]);
  };
}

/**
 * Closing the socket that listens resets the connections the kernel holds for it, requests and all. Node accepts one a
 * turn of its loop: it is turned until neither connections nor requests come, so that few or none are held.
 */
async function acceptPending(server: Server): Promise<void> {
  let quiet = 0;
  const onNews = (): void => void (quiet = -1);
  server.on('connection', onNews).on('request', onNews);
  const until = performance.now() + LONGEST_WAIT_FOR_QUIET_MS;
  for (; quiet < QUIET_TURNS && performance.now() < until; quiet++) await turn();
  server.off('connection', onNews).off('request', onNews);
}

/**
 * Resolves when the last connection is gone. As any server, not as an HTTP server: that would cut connections that are
 * idle at this moment, on which a request may be on its way.
 */
function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The only error is that it does not listen, which is what is wanted.
    NetServer.prototype.close.call(server, () => resolve());
  });
}

/** Ends connections that are silent or idle, and waits for the others. */
async function lastConnection(
  server: Server,
  sockets: ReadonlySet<Socket>,
  closed: Promise<void>,
): Promise<void> {
  for (const socket of sockets) {
    if (socket.bytesRead === 0) socket.destroy();
  }
  server.closeIdleConnections();
  // An answer that was ready before the shutdown, and waited behind another, leaves its connection open.
  const reap = setInterval(() => server.closeIdleConnections(), REAP_EVERY_MS);
  await closed;
  clearInterval(reap);
}
