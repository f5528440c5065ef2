import type { TestApp } from './start-app.js';

const LINE = /^((?:│ {3}| {4})*)(?:├|└)── (\S+)(?: \(([A-Z, ]+)\))?/;

/** Every route of the running application, as its router has them: `GET /student/:public_id`, sorted. */
export function routesOf({ app }: Pick<TestApp, 'app'>): string[] {
  const router = app.getHttpAdapter().getInstance();
  const routes: string[] = [];
  const parents: string[] = [];
  for (const line of router.printRoutes({ commonPrefix: false }).split('\n').filter(Boolean)) {
    const [, indent, piece, methods] = LINE.exec(line) ?? [];
    if (indent === undefined || piece === undefined) throw new Error(`not a line of routes: ${line}`);
    parents.length = indent.length / 4;
    const path = parents.join('') + piece;
    parents.push(piece);
    for (const method of methods?.split(', ') ?? []) routes.push(`${method} ${path}`);
  }
  return routes.sort();
}
