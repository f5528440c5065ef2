import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './support/server-process.js';

interface Row {
  readonly requirement: string;
  readonly state: string;
  readonly shownBy: string;
}

const page = readFileSync(join(ROOT, 'docs', 'asvs.md'), 'utf8');
const rows: Row[] = page.split('\n').flatMap((line) => {
  const [, requirement = '', level = '', state = '', shownBy = ''] = line.split(' | ').join('|').split('|');
  return /^ ?\d\.\d/.test(requirement) && /^[12]$/.test(level) ? [{ requirement, state, shownBy }] : [];
});

describe('the page on the ASVS', () => {
  it('has a row for every requirement of levels 1 and 2 of V6 to V9', () =>
    expect(rows.length).toBeGreaterThan(50));

  it.each(rows)('says of $requirement what is so', ({ state, shownBy }) => {
    expect(['met', 'partly met', 'not met', 'does not apply']).toContain(state);
    const named = [...shownBy.matchAll(/`((?:test|src)\/[^`]+?\.ts) › ([^`]+)`/g)];
    if (state === 'met' && !shownBy.startsWith('as ')) expect(named.length).toBeGreaterThan(0);
    for (const [, file = '', title = ''] of named) {
      const source = readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'");
      expect(source).toContain(title);
    }
  });
});
