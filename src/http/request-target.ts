const SCHEME_AND_AUTHORITY = /^https?:\/\/[^/?#]+/i;

/**
 * The path of a request target in origin-form or absolute-form (RFC 9112, section 3.2), still percent-encoded and
 * without its query; '' for the other forms, undefined for a path that cannot be percent-decoded.
 */
export function pathOf(target: string): string | undefined {
  const local = target.replace(SCHEME_AND_AUTHORITY, '');
  const end = local.search(/[?#]/);
  const path = end === -1 ? local : local.slice(0, end);
  if (!path.startsWith('/')) return '';
  try {
    decodeURIComponent(path);
    return path;
  } catch {
    return undefined;
  }
}
