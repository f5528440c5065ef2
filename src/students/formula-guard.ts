/**
 * What a spreadsheet would run as a formula (OWASP, CSV injection), in full width too, with quotes that were put before
 * it already: the guard can so be taken off again without a doubt.
 */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const GUARDED = /^'+[=+\-@\t\r\n＝＋－＠]/;

/** Puts a quote before a cell that a spreadsheet would run. */
export function guardCell(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** Takes the quote off again; the inverse of `guardCell`. */
export function unguardCell(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell;
}
