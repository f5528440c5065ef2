import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tables } from '../bench/scaling/reckoning.mjs';
import { ROOT } from './support/server-process.js';

/** Tables without the white space that a formatter lines their columns up with. */
const bare = (text: string): string => text.replace(/ *\| */g, '|').replace(/-{3,}/g, '---');

describe('docs/scaling.md', () => {
  const page = bare(readFileSync(join(ROOT, 'docs', 'scaling.md'), 'utf8'));

  it.each(tables)('has what bench/reckon.mjs reckons: %#', (reckoned) => {
    for (const row of bare(reckoned).split('\n')) expect(page).toContain(row);
  });
});
