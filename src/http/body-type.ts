import type { IncomingHttpHeaders } from 'node:http';
import { MIMEType } from 'node:util';

/** Whether a `Content-Type` is JSON in UTF-8: `application/json`, with `charset=utf-8` or none, in any case. */
export function isJsonType(header: string | undefined): boolean {
  if (header === 'application/json') return true;
  if (header === undefined) return false;
  try {
    const type = new MIMEType(header);
    const charset = type.params.get('charset');
    return type.essence === 'application/json' && (charset === null || charset.toLowerCase() === 'utf-8');
  } catch {
    return false;
  }
}

/** Whether a body comes as it is: no content coding, or the one that changes nothing. */
export function isPlainCoding(header: string | undefined): boolean {
  return header === undefined || /^(?:identity)?$/i.test(header.trim());
}

/**
 * Names the body's type in the two ways our parser tells apart. Fastify refuses types it cannot read before any parser
 * runs, which would put 415 before 413 and refuse empty bodies.
 */
export function normaliseBodyType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type'];
  if (type === undefined) return;
  headers['content-type'] = isJsonType(type) ? 'application/json' : 'application/octet-stream';
}

/** Makes a request look as if it had no body; what comes is discarded. */
export function forgetBody(headers: IncomingHttpHeaders): void {
  delete headers['content-type'];
  delete headers['content-length'];
  delete headers['transfer-encoding'];
}
