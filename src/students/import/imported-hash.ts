import { isStorable } from '../../common/storable.js';
import { storedHashProblem } from '../../passwords/stored-hash.js';

export interface ImportedHash {
  readonly hash: string;
  /** Why nobody can log in with it; such a student comes in all the same. */
  readonly warning?: string;
}

const LONGEST_HASH = 1024;
/** Matches no password, and says so to whoever looks at the table, as in /etc/shadow. */
const LOCKED = '!';
/** What is left of Werkzeug's `plain$SALT$PASSWORD` without the password, which is nobody's to carry further. */
const PLAIN = 'plain$$';

/** What is kept of the hash in a source: the hash as it is, unless it is a password in the open or no column holds it. */
export function importedHash(hash: string): ImportedHash {
  const problem = storedHashProblem(hash);
  if (problem === undefined) return { hash };
  const kept = hash.startsWith('plain$')
    ? PLAIN
    : hash.length <= LONGEST_HASH && isStorable(hash)
      ? hash
      : LOCKED;
  return { hash: kept, warning: `cannot log in until an admin sets a password: ${problem}` };
}
