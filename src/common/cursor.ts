/** What a keyset cursor holds: the sort keys of the last row of a page. */
export type CursorValue = string | number;

/** The types of a cursor's values, in their order. Numbers are safe integers. */
export type CursorShape = readonly ('string' | 'integer')[];

type ValueOf<T> = T extends 'string' ? string : number;
export type CursorOf<S extends CursorShape> = { -readonly [I in keyof S]: ValueOf<S[I]> };

/**
 * Makes an opaque cursor.
 *
 * @param kind which list, in which order, it belongs to: one list's cursor is no other's
 */
export function encodeCursor(kind: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([kind, ...values])).toString('base64url');
}

/** Reads a cursor back; undefined for whatever `encodeCursor` did not make for this kind and shape. */
export function decodeCursor<const S extends CursorShape>(
  kind: string,
  shape: S,
  cursor: string,
): CursorOf<S> | undefined {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== shape.length + 1 || parts[0] !== kind) return undefined;
  const values = parts.slice(1) as unknown[];
  if (!values.every((value, index) => isOf(shape[index], value))) return undefined;
  // Canonical or nothing: base64 and JSON both have several spellings of one value.
  return encodeCursor(kind, values as CursorValue[]) === cursor ? (values as CursorOf<S>) : undefined;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function isOf(type: CursorShape[number] | undefined, value: unknown): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  // Postgres has no text with a NUL in it, so no row could have made such a cursor.
  return typeof value === 'string' && !value.includes('\0');
}
