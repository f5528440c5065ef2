import { loginKey } from '../../common/login-key.js';
import { emailFault, nameFault } from '../student-identity.js';
import type { Candidate } from './candidate.js';

const MOST_TRIES = 100_000;
/** As many are looked up at once as have been in vain so far, within these bounds. */
const FEWEST_AT_ONCE = 4;
const MOST_AT_ONCE = 256;

/**
 * `--rename-duplicates`: kim, kim2, kim3, … Remembers where it stopped, so that ten thousand Kims are not counted anew
 * for each of them.
 */
export class NameNumbering {
  private readonly last = new Map<string, number>();

  /**
   * @param taken which of these login keys are held by somebody
   * @returns the candidate under the first free name; undefined where a number makes the name too long
   */
  async rename(
    candidate: Candidate,
    taken: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<Candidate | undefined> {
    const from = (this.last.get(candidate.nameKey) ?? 1) + 1;
    for (let tried = 0; tried < MOST_TRIES;) {
      const count = Math.min(Math.max(tried, FEWEST_AT_ONCE), MOST_AT_ONCE);
      const numbers = Array.from({ length: count }, (_each, index) => from + tried + index);
      const renamed = numbers
        .map((number) => withNumber(candidate, number))
        .filter((each) => each !== undefined);
      const held = await taken(renamed.flatMap(({ nameKey, emailKey }) => [nameKey, emailKey]));
      const free = renamed.findIndex(({ nameKey, emailKey }) =>
        [nameKey, emailKey].every((key) => !held.has(key)),
      );
      if (free >= 0) {
        this.last.set(candidate.nameKey, from + tried + free);
        return renamed[free];
      }
      if (renamed.length < count) return undefined;
      tried += count;
    }
    return undefined;
  }
}

function withNumber(candidate: Candidate, number: number): Candidate | undefined {
  const name = `${candidate.name}${number}`;
  const { emailDomain } = candidate;
  const email = emailDomain === undefined ? candidate.email : `${name}@${emailDomain}`;
  if (nameFault(name) !== undefined || emailFault(email) !== undefined) return undefined;
  return { ...candidate, name, email, nameKey: loginKey(name), emailKey: loginKey(email) };
}
