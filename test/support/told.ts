import type { Answer } from './client.js';

/** What an answer says, to be compared as a whole: its status and its body. */
export interface Told {
  readonly status: number;
  readonly json: unknown;
}

export function told({ status, json }: Answer): Told {
  return { status, json };
}

/** An answer whose body is a message alone, as every failure's is. */
export function saying(status: number, message: string): Told {
  return { status, json: { message } };
}

export const NOT_PERMITTED = saying(403, 'Cannot perform that function!');
export const NO_STUDENT = saying(404, 'No student found!');
export const TOKEN_MISSING = saying(401, 'Token is missing!');
export const TOKEN_INVALID = saying(401, 'Token is invalid!');
export const COULD_NOT_VERIFY = saying(401, 'Could not verify');
export const TOO_MANY = saying(429, 'Too many attempts. Try again later.');
