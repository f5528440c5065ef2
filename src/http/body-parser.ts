import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../common/domain-error.js';
import { isJsonType, isPlainCoding } from './body-type.js';
import { BodyTooLarge, UnsupportedBody } from './http-failures.js';
import { type JsonObject, readJsonObject } from './json-body.js';

/** The largest body, in bytes. */
export const BODY_LIMIT = 64 * 1024;

/** Makes ours the only body parser. Faults in this order: 413, 415, 400. */
export function useBodyParser(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
    parseBody(request.raw, payload),
  );
}

async function parseBody({ headers }: IncomingMessage, payload: IncomingMessage): Promise<JsonObject> {
  if (Number(headers['content-length']) > BODY_LIMIT) throw new BodyTooLarge();
  const bytes = await readUpTo(BODY_LIMIT, payload);
  if (
    bytes.length > 0 &&
    !(isJsonType(headers['content-type']) && isPlainCoding(headers['content-encoding']))
  ) {
    throw new UnsupportedBody();
  }
  return readJsonObject(bytes);
}

/**
 * Reads a body to its end. One beyond the limit fails at once, and the rest of it is discarded as it comes, within the
 * server's time-out for requests: closing the connection on a client that still sends would cost it the answer.
 */
function readUpTo(limit: number, payload: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    payload.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(new BodyTooLarge());
    });
    payload.on('end', () => resolve(Buffer.concat(chunks)));
    payload.on('error', () => reject(new ClientGone()));
  });
}

/** The connection broke while the body came: nobody is left to read the answer. */
class ClientGone extends DomainError {
  constructor() {
    super('bad-request', 'The body did not arrive.');
  }
}
