import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loginKey } from '../common/login-key.js';

/** ASVS 5.0, 6.2.4: at least this many, of those that the policy's minimum length lets through. */
const MOST_COMMON = 3000;

/** Passwords found in breaches, all in lower case, the most frequent first (zxcvbn-ts, MIT). */
const LIST = '@zxcvbn-ts/language-common/src/passwords.json';

const keysByLength = new Map<number, ReadonlySet<string>>();

/**
 * Whether a password, or one with the same key (`Password1` for `password1`), is among the 3,000 most common ones of
 * at least `minLength` code points.
 */
export function isCommonPassword(password: string, minLength: number): boolean {
  let keys = keysByLength.get(minLength);
  if (!keys) {
    keys = readKeys(minLength);
    keysByLength.set(minLength, keys);
  }
  return keys.has(loginKey(password));
}

/** Read when first asked for, as a file: imported as a module, the whole list would stay in memory (15 MB). */
function readKeys(minLength: number): ReadonlySet<string> {
  const file = createRequire(import.meta.url).resolve(LIST);
  const passwords = JSON.parse(readFileSync(file, 'utf8')) as string[];
  const longEnough = passwords.filter((password) => [...password].length >= minLength);
  return new Set(longEnough.slice(0, MOST_COMMON).map(loginKey));
}
