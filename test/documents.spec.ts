import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { ROOT } from './support/server-process.js';

const git = (...parameters: string[]): string[] =>
  execFileSync('git', parameters, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const pages = git('ls-files', '--cached', '--others', '--exclude-standard', '*.md');
const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> };
const commands = git('ls-files', 'src/cli/*.command.ts').map(
  (path) => /\.command\('([\w:]+)/.exec(read(path))?.[1],
);

/** The fenced blocks of a page in these languages. */
function blocksOf(page: string, ...languages: string[]): string[] {
  return [...read(page).matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, language = '', text = '']) =>
    languages.includes(language) ? [text] : [],
  );
}

/** As GitHub makes them of headings: https://docs.github.com/en/get-started/writing-on-github */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** A file that a command names: what is built is looked for where it is built from. */
function isThere(path: string): boolean {
  return existsSync(join(ROOT, path.replace(/^dist\/(.*)\.js$/, '$1.ts')));
}

describe.each(pages)('%s', (page) => {
  it('links to what is there', () => {
    for (const [, target = ''] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect([target, existsSync(join(ROOT, file))]).toEqual([target, true]);
      if (anchor !== undefined)
        expect([target, anchorsOf(file)]).toEqual([target, expect.arrayContaining([anchor])]);
    }
  });

  it('names scripts, files and commands that there are', () => {
    const text = read(page);
    for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g))
      expect(scripts).toHaveProperty([script]);
    for (const [, path = ''] of text.matchAll(/\bnode ([\w./-]+\.(?:mjs|js))/g))
      expect([path, isThere(path)]).toEqual([path, true]);
    for (const [, command] of text.matchAll(/(?:npm run cli --|dist\/src\/cli\.js) ([a-z][\w:]*)/g))
      expect(commands).toContain(command);
  });

  it('has commands that a shell can read, and settings that YAML can', () => {
    for (const block of blocksOf(page, 'sh')) {
      expect(block).not.toMatch(/\t|[ \t]$/m);
      // Where there is no sh (Windows), quotes that are not closed are what is left to look for.
      const shell = spawnSync('sh', ['-n'], { input: block, encoding: 'utf8' });
      if (shell.error) expect((block.match(/"/g) ?? []).length % 2).toBe(0);
      else expect([block, shell.status, shell.stderr]).toEqual([block, 0, '']);
    }
    for (const block of blocksOf(page, 'yaml')) expect(() => loadAll(block)).not.toThrow();
  });
});
