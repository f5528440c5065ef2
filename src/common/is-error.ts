import { isNativeError } from 'node:util/types';

/**
 * Whether something thrown is an error, whoever made it: Node's own are of another realm than code that runs in a `vm`
 * context, and better-sqlite3's only inherit from `Error`, so that neither way of asking is enough.
 */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || isNativeError(thrown);
}
