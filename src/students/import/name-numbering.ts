import { nameFault } from '../student-identity.js';

const MOST_TRIES = 100_000;

/** `--rename-duplicates`: kim, kim2, kim3, … Remembers where it stopped, so that ten thousand Kims are not counted anew. */
export class NameNumbering {
  private readonly last = new Map<string, number>();

  /** Candidates for a free name, in order; undefined ends them (too long, or too many). */
  *of(name: string): Generator<string> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const number = (this.last.get(name) ?? 1) + 1;
      this.last.set(name, number);
      const numbered = `${name}${number}`;
      if (nameFault(numbered) !== undefined) return;
      yield numbered;
    }
  }
}
