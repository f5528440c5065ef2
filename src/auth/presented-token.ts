import type { IncomingHttpHeaders } from 'node:http';

interface TokenRequest {
  readonly headers: IncomingHttpHeaders;
  readonly raw: { readonly rawHeaders: readonly string[] };
}

const BEARER = /^bearer +(\S.*)$/i;

/**
 * The access token of a request: `x-access-token`, else `Authorization: Bearer` (RFC 6750, section 2.1). Undefined
 * when there is neither, `ambiguous` when either header is repeated. Never from a query or a cookie.
 */
export function presentedToken(request: TokenRequest): { readonly token: string } | 'ambiguous' | undefined {
  const { headers } = request;
  const own = headers['x-access-token'];
  if (own === undefined && headers.authorization === undefined) return undefined;
  if (isRepeated(request.raw.rawHeaders)) return 'ambiguous';
  const token = own === undefined ? BEARER.exec(headers.authorization ?? '')?.[1] : String(own);
  return token ? { token } : undefined;
}

/** Node folds repeated headers into one text, or keeps the first alone: only the raw list tells. */
function isRepeated(rawHeaders: readonly string[]): boolean {
  let own = 0;
  let authorization = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length === 14 && name.toLowerCase() === 'x-access-token') own += 1;
    else if (name.length === 13 && name.toLowerCase() === 'authorization') authorization += 1;
  }
  return own > 1 || authorization > 1;
}
