import { isStorable } from '../common/storable.js';

/** What an access token says, after everything about it has been checked. */
export interface AccessTokenClaims {
  readonly publicId: string;
  readonly sessionId: string;
}

/**
 * Reads the claims of a token whose signature, issuer and audience are good; undefined when one is missing or wrong.
 * `exp` is required and a number, `nbf` a number if present (RFC 7519, section 4.1, in seconds).
 * @param nowMs milliseconds since the epoch
 */
export function readClaims(payload: unknown, nowMs: number): AccessTokenClaims | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { public_id: publicId, sub, sid, exp, nbf } = payload as Record<string, unknown>;
  if (typeof exp !== 'number' || !Number.isFinite(exp) || exp * 1000 <= nowMs) return undefined;
  if (nbf !== undefined && (typeof nbf !== 'number' || !(nbf * 1000 <= nowMs))) return undefined;
  if (!isText(publicId) || !isText(sid) || sub !== publicId) return undefined;
  return { publicId, sessionId: sid };
}

/** A text that the database can be asked for. */
function isText(claim: unknown): claim is string {
  return typeof claim === 'string' && isStorable(claim);
}
