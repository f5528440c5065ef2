import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import ts from 'typescript';
import { ROOT } from './server-process.js';

export interface SourceFile {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Files of ours that it imports, whether for values or for types alone. */
  readonly imports: readonly string[];
}

/** The sources below a folder of the project, or one file. */
export function sources(place: string): SourceFile[] {
  return filesBelow(place)
    .filter((path) => /\.(?:ts|mts|js|mjs)$/.test(path))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

/** The nodes of a file that satisfy the question, as `path:line`. */
export function nodesWhere(file: SourceFile, holds: (node: ts.Node) => boolean): string[] {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (holds(node))
      found.push(`${file.path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function filesBelow(place: string): string[] {
  if (/\.\w+$/.test(place)) return [place];
  return readdirSync(join(ROOT, place), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** Imports, exports from, `import()` and import types alike. */
function importsOf(path: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => sourceOf(posix.join(dirname(path), name)));
}

/** TypeScript imports say `.js` for what is `.ts` here. */
function sourceOf(path: string): string {
  const typed = path.replace(/\.js$/, '.ts');
  return existsSync(join(ROOT, typed)) ? typed : path;
}
