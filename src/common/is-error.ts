import { isNativeError } from 'node:util/types';

/**
 * Whether something thrown is an error, whoever made it: Node's own are of another realm than code that runs in a `vm`
 * context, and better-sqlite3's only inherit from the `Error` of the realm that loaded its addon first, so that neither
 * the class nor the kind of object tells.
 */
export function isError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error || isNativeError(thrown)) return true;
  if (typeof thrown !== 'object' || thrown === null) return false;
  return inheritsFromSomeError(thrown);
}

function inheritsFromSomeError(thrown: object): boolean {
  for (
    let prototype = Object.getPrototypeOf(thrown) as object | null;
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    const { constructor } = prototype as { constructor?: unknown };
    if (typeof constructor === 'function' && constructor.name === 'Error') return true;
  }
  return false;
}
