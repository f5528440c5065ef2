import { pathOf } from './request-target.js';

/** What may stand in a URI's path as it is (RFC 3986, section 3.3); `%` because escapes are kept. */
const NOT_OF_A_PATH = /[^A-Za-z0-9\-._~!$&'()*+,;=:@%/]/g;

/** `Link` to the next page (RFC 8288): the same path and query with another cursor, as a relative reference. */
export function nextLink(target: string, query: unknown, cursor: string): string {
  const path = (pathOf(target) ?? '').replace(NOT_OF_A_PATH, encodeURIComponent);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query as Record<string, string | string[]>)) {
    if (name === 'cursor') continue;
    for (const one of [value].flat()) parameters.append(name, one);
  }
  parameters.append('cursor', cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
}
