import { isNativeError } from 'node:util/types';

/**
 * Whether something thrown is an error, whoever made it: Node's own are of another realm than code that runs in a `vm`
 * context, better-sqlite3's only inherit from `Error`, and of the realm that loaded its addon first. Neither way of
 * asking is enough for these; a message and a stack are.
 */
export function isError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error || isNativeError(thrown)) return true;
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { message, stack } = thrown as Partial<Error>;
  return typeof message === 'string' && typeof stack === 'string';
}
