/*
 * npm run bench [-- --quick] [--only WORK,WORK] [--write]: the built server and its baselines, in alternating slices.
 * npm run bench -- NAME: the bench of that name, bench/NAME.mjs.
 *
 * Prints Markdown, asserts nothing: machines differ, and ratios are what to quote. `--write` puts it into
 * bench/RESULTS.md, below the line that says so.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const named = process.argv[2] ?? '';
if (/^[a-z-]+$/.test(named) && !named.startsWith('-')) await runNamed(named);
else await runAll();

async function runNamed(name) {
  const file = new URL(`./${name}.mjs`, import.meta.url);
  if (name === 'run' || !existsSync(file)) {
    console.error(`There is no bench ${name}.`);
    process.exit(1);
  }
  process.argv.splice(2, 1);
  await import(file.href);
}

async function runAll() {
  const { works } = await import('./lib/works.mjs');
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, write: { type: 'boolean' }, only: { type: 'string' } },
  });
  const chosen = values.only?.split(',') ?? Object.keys(works);
  const unknown = chosen.find((name) => !Object.hasOwn(works, name));
  if (unknown !== undefined)
    throw new Error(`There is no work ${unknown}: ${Object.keys(works).join(', ')}.`);
  const { withServers } = await import('./lib/contenders.mjs');
  const { machine } = await import('./lib/machine.mjs');
  const sections = [machine(process.argv.slice(2))];
  console.log(`${sections[0]}\n`);
  await withServers(async (servers) => {
    for (const name of chosen) {
      const { title, run } = works[name];
      const section = `### ${title}\n\n${await run(servers, values.quick === true)}`;
      sections.push(section);
      console.log(`${section}\n`);
    }
  });
  if (values.write) write(sections.join('\n\n'));
}

function write(text) {
  const file = new URL('./RESULTS.md', import.meta.url);
  const mark = '<!-- Below: written by `npm run bench -- --write`. -->\n';
  const above = existsSync(file) ? readFileSync(file, 'utf8').split(mark)[0] : '# Results\n\n';
  writeFileSync(file, `${above}${mark}\n${text}\n`);
}
