import fc from 'fast-check';
import { guardCell, unguardCell } from './formula-guard.js';

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .tuple(
      fc.stringMatching(/^'{0,3}$/),
      fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', "'", ''),
      fc.string(),
    )
    .map((parts) => parts.join('')),
);

describe('guardCell', () => {
  it('is undone by unguardCell, whatever the cell', () => {
    fc.assert(fc.property(cell, (text) => expect(unguardCell(guardCell(text))).toBe(text)));
  });

  it('leaves no cell that a spreadsheet runs', () => {
    fc.assert(fc.property(cell, (text) => expect(guardCell(text)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)));
  });

  it.each(['kim', "O'Neil", "'tis", 'a=b', '', ' =1'])('leaves %j as it is', (text) => {
    expect(guardCell(text)).toBe(text);
    expect(unguardCell(text)).toBe(text);
  });
});
