import ts from 'typescript';
import { nodesWhere, type SourceFile, sources } from './support/sources.js';

/**
 * From the top down. What stands on a line imports only from lines below it; what shares a line does not know each
 * other. A name is a folder of `src/` or a file there.
 */
const LINES: readonly (readonly string[])[] = [
  ['main.ts', 'cli.ts', 'ormconfig.ts'],
  ['app.setup.ts', 'cli', 'start-failure.ts'],
  ['app.module.ts', 'entities.ts'],
  ['auth', 'observability'],
  ['students'],
  ['sessions', 'tokens', 'passwords', 'throttle'],
  ['audit'],
  ['http'],
  ['access'],
  ['database'],
  ['config'],
  ['common'],
];

const MOST_LINES = 300;

const isSpec = ({ path }: SourceFile): boolean => /\.(?:e2e-)?spec\.ts$/.test(path);

/** `src/http/page.ts` stands with `http`, `src/main.ts` and `ormconfig.ts` for themselves. */
function placeOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'src' ? second : first;
}

/** From the top, 0; undefined for a place that the rule does not know. */
function lineOf(path: string): number | undefined {
  const line = LINES.findIndex((places) => places.includes(placeOf(path)));
  return line === -1 ? undefined : line;
}

function breaksLayering(from: string, to: string): boolean {
  if (placeOf(from) === placeOf(to)) return false;
  const [above, below] = [lineOf(from), lineOf(to)];
  return above === undefined || below === undefined || above >= below;
}

/** Every circle once, as the path around it. */
function circles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) {
      found.push([...trail.slice(at), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of byPath.get(path)?.imports ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

describe('the architecture', () => {
  const program = [...sources('src'), ...sources('ormconfig.ts')].filter((file) => !isSpec(file));
  const all = [
    ...sources('src'),
    ...sources('test'),
    ...sources('bench'),
    ...sources('scripts'),
    ...sources('ormconfig.ts'),
  ];

  it('is looked at whole: each import leads to a file that was read', () => {
    const known = new Set(program.map(({ path }) => path));
    const astray = program.flatMap(({ path, imports }) =>
      imports.filter((each) => !known.has(each)).map((each) => `${path} imports ${each}`),
    );
    expect(astray).toEqual([]);
    expect(program.filter(({ imports }) => imports.length > 0).length).toBeGreaterThan(program.length / 2);
  });

  it('has a line for every file', () => {
    expect(program.map(({ path }) => path).filter((path) => lineOf(path) === undefined)).toEqual([]);
  });

  it('lets a folder import only from folders below it', () => {
    const wrong = program.flatMap(({ path, imports }) =>
      imports.filter((each) => breaksLayering(path, each)).map((each) => `${path} imports ${each}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(circles(program)).toEqual([]);
  });

  it('does not let the program know the tests', () => {
    const wrong = program.filter(({ imports }) => imports.some((each) => each.startsWith('test/')));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('reads the environment in src/config alone', () => {
    const reads = program
      .filter(({ path }) => !path.startsWith('src/config/'))
      .flatMap((file) => nodesWhere(file, readsEnvironment));
    expect(reads).toEqual([]);
  });

  it('has no any', () => {
    expect(all.flatMap((file) => nodesWhere(file, (node) => node.kind === ts.SyntaxKind.AnyKeyword))).toEqual(
      [],
    );
  });

  it(`has no file above ${MOST_LINES} lines, chapters of tests apart`, () => {
    const long = all.filter((file) => !isSpec(file) && file.text.split('\n').length - 1 > MOST_LINES);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

/** `process.env`, `process['env']`, or `env` taken out of `process` or `node:process`. */
function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return isProcess(node.expression) && node.name.text === 'env';
  if (ts.isElementAccessExpression(node)) return isProcess(node.expression);
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name))
    return node.initializer !== undefined && isProcess(node.initializer);
  return ts.isImportDeclaration(node) && /^["'](?:node:)?process["']$/.test(node.moduleSpecifier.getText());
}

function isProcess(expression: ts.Expression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'process';
}
