/*
 * npm run bench -- growth [--quick] [--only SQLite|Postgres] [--write]: what one client waits for at 1,000, 100,000 and
 * 1,000,000 students, in alternating slices. Prints Markdown, asserts nothing. `--write` puts it into bench/RESULTS.md.
 */
import { parseArgs } from 'node:util';
import { makers } from './growth/databases.mjs';
import { worksOn } from './growth/works.mjs';
import { milliseconds, ratio, spread, table } from './lib/figures.mjs';
import { machine } from './lib/machine.mjs';
import { writePart } from './lib/results.mjs';
import { alternate } from './lib/rounds.mjs';
import { startServer } from './lib/server.mjs';

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, write: { type: 'boolean' }, only: { type: 'string' } },
});
const SIZES = values.quick ? [1_000, 10_000, 100_000] : [1_000, 100_000, 1_000_000];
const ROUNDS = values.quick ? 5 : 15;
/** Budgets on, as in production; requests come from one proxy, which says whom from. */
const SETTINGS = { THROTTLE: 'on', TRUST_PROXY: '1' };

console.log(`${machine(['growth', ...process.argv.slice(2)])}\n`);
for (const [kind, make] of Object.entries(makers)) {
  if (values.only !== undefined && values.only !== kind) continue;
  const section = await sectionOf(kind, make);
  console.log(`${section}\n`);
  const alone = ['growth', '--only', kind];
  if (values.write) writePart(alone.join(' '), `${section}\n\n${machine(alone)}`);
}

async function sectionOf(kind, make) {
  const made = await make(SIZES);
  if (!made) return `### ${kind}\n\nNone could be started here.`;
  const contenders = [];
  try {
    for (const database of made.databases) {
      const server = await startServer(database.url, SETTINGS);
      contenders.push({ name: database.size, server, works: await worksOn(server, database) });
    }
    const rows = [];
    for (const work of Object.keys(contenders[0].works)) rows.push(await rowOf(work, contenders));
    return `### ${kind}\n\n${table(rows)}`;
  } finally {
    for (const { server } of contenders) await server.stop();
    await made.stop();
  }
}

async function rowOf(work, contenders) {
  for (const { works } of contenders) await works[work].prepare?.();
  const runs = contenders.map(({ name, works }) => ({ name, run: works[work].slice }));
  const slices = await alternate(runs, ROUNDS);
  const [least] = slices.values();
  const row = { request: work };
  for (const [size, of] of slices)
    row[size.toLocaleString('en')] = milliseconds(spread(of.map(({ ms }) => ms)).median);
  for (const [size, of] of [...slices].slice(1))
    row[`${size.toLocaleString('en')} / least`] = ratio(of.map(({ ms }, round) => ms / least[round].ms));
  return row;
}
