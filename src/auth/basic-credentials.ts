export interface BasicCredentials {
  readonly userId: string;
  readonly password: string;
}

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads `Authorization: Basic …` (RFC 7617): base64 of UTF-8, split at the first colon, so that a password may hold
 * colons. Undefined for anything else, and where either part is empty.
 */
export function parseBasicCredentials(header: string | undefined): BasicCredentials | undefined {
  const encoded = BASIC.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  let text: string;
  try {
    text = utf8.decode(Buffer.from(encoded, 'base64'));
  } catch {
    return undefined; // bytes that are not UTF-8: no credentials of ours
  }
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) return undefined;
  return { userId: text.slice(0, colon), password: text.slice(colon + 1) };
}
