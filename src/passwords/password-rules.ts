import { loginKey } from '../common/login-key.js';
import { isCommonPassword } from './common-passwords.js';

const LONGEST = 256;

/** Below this minimum the operator has asked for short, guessable passwords: only the length is looked at. */
const STRICT_FROM = 8;

/** UTF-16 units. Nothing longer is a name or an e-mail, and a key costs the square of its text's length. */
const LONGEST_COMPARED = 1024;

export interface PasswordRules {
  /** In code points of the password as sent. */
  readonly minLength: number;
  /** The name and the e-mail of the student. */
  readonly notLike: readonly string[];
  /** What the request calls the password. */
  readonly field?: 'password' | 'new_password';
}

/** What is wrong with a new password, in words for the client; empty when it may be taken. */
export function passwordFaults(password: string, rules: PasswordRules): string[] {
  const { minLength, notLike, field = 'password' } = rules;
  // The longest legal password has two UTF-16 units for each code point; more need not be counted.
  if (password.length > 2 * LONGEST) return [`${field} must be at most ${LONGEST} characters`];
  const faults: string[] = [];
  const length = [...password].length;
  if (length < minLength) faults.push(`${field} must be at least ${minLength} characters`);
  if (length > LONGEST) faults.push(`${field} must be at most ${LONGEST} characters`);
  if (password.includes('\0')) faults.push(`${field} must not contain the character NUL`);
  if (/\p{Surrogate}/u.test(password)) faults.push(`${field} must not contain unpaired surrogates`);
  if (faults.length > 0 || minLength < STRICT_FROM) return faults;

  const key = loginKey(password);
  if (isCommonPassword(password, minLength)) faults.push(`${field} is among the most common ones`);
  const comparable = notLike.filter((text) => text.length <= LONGEST_COMPARED);
  if (comparable.some((text) => loginKey(text) === key)) {
    faults.push(`${field} must not be the name or the e-mail`);
  }
  return faults;
}
