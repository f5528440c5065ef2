export interface TokenHeader {
  readonly alg: string;
  readonly kid: string | undefined;
}

/**
 * The header of a compact JWS, read strictly before anything is verified; undefined when the token is not one that
 * we could have made: not three canonical base64url parts (RFC 7515, section 2: no padding, no spare bits), a `typ`
 * other than JWT, or a `crit` that asks for extensions we do not know (section 4.1.11: all of them).
 */
export function readTokenHeader(token: string): TokenHeader | undefined {
  const parts = token.split('.');
  if (parts.length !== 3 || !parts.every(isCanonicalBase64url)) return undefined;
  const header = parseObject(parts[0] ?? '');
  if (!header || typeof header['alg'] !== 'string' || Object.hasOwn(header, 'crit')) return undefined;
  const { typ, kid } = header;
  if (Object.hasOwn(header, 'typ') && (typeof typ !== 'string' || typ.toUpperCase() !== 'JWT'))
    return undefined;
  if (kid !== undefined && typeof kid !== 'string') return undefined;
  return { alg: header['alg'], kid };
}

function isCanonicalBase64url(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part;
}

function parseObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // not JSON: not a token of ours
  }
}
