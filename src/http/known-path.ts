import type { FastifyInstance } from 'fastify';
import type { DomainError } from '../common/domain-error.js';
import { MethodNotAllowed, UnknownPath } from './http-failures.js';

/** The methods the API has, in the order `Allow` lists them. */
export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

type Routes = Pick<FastifyInstance, 'findRoute'>;

/** Why a request for `path` found no route: 405 if the path has other methods, else 404. */
export function noRouteFailure(routes: Routes, path: string): DomainError {
  const allowed = METHODS.filter((method) => matches(routes, method, path));
  return allowed.length > 0 ? new MethodNotAllowed(allowed) : new UnknownPath();
}

function matches(routes: Routes, method: (typeof METHODS)[number], path: string): boolean {
  // Typed as never null, but it is for a path that has no route of this method.
  const route = routes.findRoute({ method, url: path }) as { params: Record<string, string> } | null;
  return route !== null && !hasEmptyParam(route.params);
}

/** The router lets a parameter be empty (`/student/`); such a path is nobody's. A wildcard may be empty. */
export function hasEmptyParam(params: unknown): boolean {
  const values = params as Record<string, string>;
  for (const name in values) {
    if (values[name] === '' && name !== '*') return true;
  }
  return false;
}
