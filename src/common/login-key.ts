import { nfkcCasefold, untilStable, withoutIgnorable } from './nfkc-casefold.js';

const PLAIN_ASCII = /^[!-~]*$/;
const WHITE_SPACE = /\p{White_Space}+/gu;

/**
 * What makes two names or e-mails the same: NFKC_Casefold, trimmed, each run of white space as one space, until
 * stable. Equal keys are the same login, whatever their case, normal form, spacing and invisible characters.
 *
 * Any string has a key, unpaired surrogates too. It can be empty (a text of nothing visible) and up to 18 times as
 * long as the text; the cost grows with the square of a run of combining marks, so bound the text before asking.
 */
export function loginKey(text: string): string {
  return PLAIN_ASCII.test(text) ? text.toLowerCase() : untilStable(text, fold);
}

/**
 * Ignorable characters go first and the text is decomposed before it is folded (The Unicode Standard, 3.13, D147):
 * folding makes a letter of the iota subscript U+0345, and until then it must have its place among the marks.
 */
function fold(text: string): string {
  return tidy(nfkcCasefold(withoutIgnorable(text).normalize('NFKD')));
}

/** Runs become one space before the ends are cut: a pattern for trailing runs would cost their length squared. */
function tidy(text: string): string {
  return text.replace(WHITE_SPACE, ' ').replace(/^ | $/g, '');
}
