import { foldCase } from './case-folding.js';

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Mapping a character is pure and texts repeat their characters; the cap keeps a hostile text from filling memory. */
const MOST_REMEMBERED = 4096;
const remembered = new Map<string, string>();

/**
 * NFKC_Casefold of one character, the property NFKC_CF: default-ignorable characters go, the rest is folded and
 * NFKC-normalised until that changes nothing (Unicode, DerivedNormalizationProps.txt).
 * @param char one code point as a string
 */
export function nfkcCasefoldChar(char: string): string {
  let folded = remembered.get(char);
  if (folded !== undefined) return folded;
  folded = untilStable(char, foldOnce);
  if (remembered.size < MOST_REMEMBERED) remembered.set(char, folded);
  return folded;
}

/** toNFKC_Casefold (The Unicode Standard, 3.13, R5): each character to its NFKC_CF, and the whole to NFC. */
export function nfkcCasefold(text: string): string {
  let mapped = '';
  for (const char of text) mapped += nfkcCasefoldChar(char);
  return mapped.normalize('NFC');
}

/** The text without Unicode's default-ignorable characters: joiners, fillers, variation selectors, soft hyphens. */
export function withoutIgnorable(text: string): string {
  return text.replace(IGNORABLE, '');
}

/** Applies `step` until the text no longer changes. */
export function untilStable(text: string, step: (text: string) => string): string {
  for (let before = text; ; before = text) {
    text = step(before);
    if (text === before) return text;
  }
}

function foldOnce(text: string): string {
  let folded = '';
  for (const char of withoutIgnorable(text)) folded += foldCase(char);
  return folded.normalize('NFKC');
}
