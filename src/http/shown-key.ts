const PLAIN = /^[A-Za-z0-9_.-]{1,64}$/;
const LONGEST_SHOWN = 64;

/** What would hide, reorder or break the text around it: controls, format characters, surrogates, odd separators. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}"\\]/gu;

/** A key of a caller's body as an answer may repeat it: quoted unless plain, cut at 64 characters, nothing invisible. */
export function shownKey(key: string): string {
  if (PLAIN.test(key)) return key;
  const points = [...key.slice(0, 2 * LONGEST_SHOWN + 2)];
  const cut = points.slice(0, LONGEST_SHOWN).join('').replace(INVISIBLE, escaped);
  return `"${cut}${points.length > LONGEST_SHOWN ? '…' : ''}"`;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
