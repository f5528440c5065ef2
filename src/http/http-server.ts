import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';

/** Milliseconds. What is slower than these is cut off; `checkEvery` is how late that may be noticed. */
export interface HttpTimeouts {
  readonly headers: number;
  readonly request: number;
  readonly keepAlive: number;
  readonly checkEvery: number;
}

/** A slow request is gone within 27 s. Keep-alive outlives the idle time-outs (60 s) that proxies commonly have. */
export const HTTP_TIMEOUTS: HttpTimeouts = {
  headers: 20_000,
  request: 25_000,
  keepAlive: 72_000,
  checkEvery: 2_000,
};

/**
 * Beyond these a new one is closed at once. Each holds at most its headers (16 KiB) and one body (64 KiB), so that even
 * all of them together fit into a small machine.
 */
const MOST_CONNECTIONS = 10_000;

const unmet = new WeakSet<IncomingMessage>();

/** Whether Node found an `Expect` in the request that it does not know. */
export function hasUnmetExpectation(request: IncomingMessage): boolean {
  return unmet.has(request);
}

/** Node's HTTP server, told to leave to us what it would answer by itself with an empty body. */
export function createHttpServer(listener: RequestListener, timeouts: HttpTimeouts): Server {
  const server = createServer(
    {
      requireHostHeader: false,
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      keepAliveTimeout: timeouts.keepAlive,
      connectionsCheckingInterval: timeouts.checkEvery,
    },
    listener,
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.on('checkExpectation', (request, response) => {
    unmet.add(request);
    listener(request, response);
  });
  return server;
}
