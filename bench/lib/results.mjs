import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../RESULTS.md', import.meta.url);

/**
 * Puts a part of its own into bench/RESULTS.md, between the line that says which command wrote it and its end, and leaves
 * the rest alone.
 * @param name what follows `npm run bench --`, without `--write`
 */
export function writePart(name, text) {
  const begin = `<!-- Written by \`npm run bench -- ${name} --write\`: -->\n`;
  const end = `<!-- End of \`${name}\`. -->\n`;
  const page = readFileSync(FILE, 'utf8');
  const [above, rest] = page.split(begin);
  const below = rest?.split(end)[1];
  if (below === undefined) throw new Error(`bench/RESULTS.md has no part ${name}.`);
  writeFileSync(FILE, `${above}${begin}\n${text}\n\n${end}${below}`);
}
