/** From `from` inclusive up to `to` exclusive, in code point order; without `to` there is no upper end. */
export interface KeyRange {
  readonly from: string;
  readonly to: string | undefined;
}

const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;
const LAST_CODE_POINT = 0x10ffff;

/**
 * Every text that starts with `prefix`. A range rather than LIKE: it is read off the index, and `%` and `_` are
 * letters in it. Code point order is the byte order of UTF-8, which both databases compare by.
 */
export function prefixRange(prefix: string): KeyRange {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    if (last < LAST_CODE_POINT) {
      const next = last + 1 === FIRST_SURROGATE ? AFTER_SURROGATES : last + 1;
      return { from: prefix, to: String.fromCodePoint(...points, next) };
    }
  }
  return { from: prefix, to: undefined };
}

/** Whether a key stands before another one, as both databases order them: by the bytes of UTF-8. */
export function isBefore(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) < 0;
}
