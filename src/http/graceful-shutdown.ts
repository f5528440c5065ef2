import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { describeError } from './describe-error.js';
import { ShutdownState } from './shutdown-state.js';

export interface ShutdownTimes {
  /** How long connections are still accepted and ended with their answers, in milliseconds. */
  readonly graceMs: number;
  /** When, after the signal, requests still under way are cut off, in milliseconds. */
  readonly deadlineMs: number;
}

const TIMES: ShutdownTimes = { graceMs: 400, deadlineMs: 8_000 };

const REAP_EVERY_MS = 50;

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
  const drain = prepareShutdown(app, { ...TIMES, ...times });
  const { log } = app.getHttpAdapter().getInstance();
  let begun = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (begun) return;
    begun = true;
    log.info({ signal }, 'shutting down');
    drain()
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
  const server = app.getHttpServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const cut = AbortSignal.timeout(times.deadlineMs);
    cut.addEventListener('abort', () => sockets.forEach((socket) => socket.destroy()));
    state.phase = 'draining';
    await sleep(times.graceMs);
    // Right after a poll every connection the kernel held has been accepted: fewest are reset by the close.
    await turn();
    state.phase = 'closing';
    await stopListening(server, sockets);
    await Promise.race([app.close(), sleep(LAST_RESORT_MS, undefined, { ref: false })]);
  };
}

/** Resolves when the last connection is gone. Those that never sent anything are not waited for. */
function stopListening(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    // An answer that was ready before the shutdown, and waited behind another, leaves its connection open.
    const reap = setInterval(() => server.closeIdleConnections(), REAP_EVERY_MS);
    server.close(() => {
      // The only error is that it does not listen, which is what is wanted.
      clearInterval(reap);
      resolve();
    });
    for (const socket of sockets) {
      if (socket.bytesRead === 0) socket.destroy();
    }
  });
}
