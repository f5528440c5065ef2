import { randomUUID } from 'node:crypto';

const USABLE = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's own `x-request-id` if it is 1–64 characters of `[A-Za-z0-9._-]`, else a new UUID. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && USABLE.test(header) ? header : randomUUID();
}
