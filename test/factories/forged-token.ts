import { createHmac } from 'node:crypto';
import { TEST_SECRET } from '../support/test-settings.js';

export interface Forgery {
  /** Laid over the header of a real token; a key of undefined is left out. */
  readonly header?: object;
  /** Laid over its claims; a key of undefined is left out. */
  readonly claims?: object;
  /** In place of the claims: any text at all. */
  readonly payload?: string;
  readonly secret?: string;
  readonly hash?: 'sha256' | 'sha384' | 'sha512';
  /** In place of a signature. */
  readonly signature?: string;
}

/** A token like a real one but for what the test changes, by default signed as ours are. */
export function forge(real: string, change: Forgery): string {
  const [header = '', payload = ''] = real.split('.');
  const head = encode(JSON.stringify({ ...decode(header), ...change.header }));
  const body = encode(change.payload ?? JSON.stringify({ ...decode(payload), ...change.claims }));
  return `${head}.${body}.${change.signature ?? sign(`${head}.${body}`, change)}`;
}

/** Signs any two parts as ours are signed. */
export function sign(input: string, { secret = TEST_SECRET, hash = 'sha256' }: Forgery = {}): string {
  return createHmac(hash, secret).update(input).digest('base64url');
}

export function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

export function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
}
