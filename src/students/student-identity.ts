import { isEmail } from 'class-validator';
import { loginKey } from '../common/login-key.js';
import { isPlainEmail } from './plain-email.js';

const LONGEST_NAME = 50;
const LONGEST_EMAIL = 254; // RFC 5321, section 4.5.3.1.3, less the angle brackets
/** Beyond this a text is too long whatever it trims to; looking closer would only cost time. */
const LONGEST_LOOKED_AT = 4096;

const CONTROL = /\p{Cc}/u;
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;
/** isEmail lets white space beyond ASCII pass as letters. */
const NEVER_IN_EMAIL = /[\p{White_Space}\p{Cc}\p{Surrogate}]/u;
/** Drawn as nothing: default-ignorable code points, white space, interlinear marks, the empty Braille cell. */
const INVISIBLE_ONLY = /^[\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800\ufff9-\ufffb]*$/u;

/** A name as it is kept. */
export function cleanName(name: string): string {
  return name.trim();
}

/** What is wrong with a name, as a predicate of it; undefined when it may be taken. */
export function nameFault(name: string): string | undefined {
  const clean = name.length > LONGEST_LOOKED_AT ? name : cleanName(name);
  const length = clean.length > 2 * LONGEST_NAME ? Infinity : [...clean].length;
  if (length < 1 || length > LONGEST_NAME) return `must be 1 to ${LONGEST_NAME} characters`;
  if (UNPAIRED_SURROGATE.test(clean)) return 'must not contain unpaired surrogates';
  if (CONTROL.test(clean)) return 'must not contain control characters';
  // Basic credentials end the user-id at the first colon; a colon in other clothes would be the same name's key.
  if (clean.normalize('NFKC').includes(':')) return 'must not contain a colon';
  if (INVISIBLE_ONLY.test(clean) || loginKey(clean) === '')
    return 'must not consist of invisible characters only';
  return undefined;
}

/**
 * What is wrong with an e-mail address, as a predicate of it; undefined when it may be taken. Its key must be an
 * address too: `a＠b@c.com`, say, would be found by what nobody takes for an e-mail.
 */
export function emailFault(email: string): string | undefined {
  if (isPlainEmail(email)) return undefined;
  if (email.length > LONGEST_EMAIL) return `must be at most ${LONGEST_EMAIL} characters`;
  // First, for isEmail throws a URIError at half a surrogate pair.
  const valid =
    !NEVER_IN_EMAIL.test(email) &&
    isUnquoted(email) &&
    isUnquoted(loginKey(email), { ignore_max_length: true });
  return valid ? undefined : 'must be a valid e-mail address';
}

function isUnquoted(email: string, options?: Parameters<typeof isEmail>[1]): boolean {
  return !email.startsWith('"') && isEmail(email, options);
}
