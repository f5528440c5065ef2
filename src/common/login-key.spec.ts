import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { loginKey } from './login-key.js';

interface Pair {
  readonly one: string;
  readonly other: string;
  readonly why: string;
}

function pairs(file: string): Pair[] {
  return JSON.parse(readFileSync(`test/data/${file}.json`, 'utf8')) as Pair[];
}

const char = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  { weight: 4, arbitrary: fc.constantFrom(...'aAzZkKsSiI19 .-@\t\u00a0\u3000\u0085') },
  // Where folding, composing, reordering and dropping meet.
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...'ßẞſİıʼnǰΐςσΣᾳᾼᾴͅͺµΩÅKéẛǅĳﬁﬆﷺ№½²Ⅸ㍿ｶﾞが한한ㄱﾡᎠꭰᏸᲀაᲐ𐐀𐐨𝓐豈क़لأﻷ¨´῁',
      ...'\u0301\u0307\u0308\u0323\u030a\u0331\u0338\u05bc\u3099\u09bc\u0f71\u0f72',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('\u00ad', '\u034f', '\u115f', '\u1160', '\u200d', '\u3164', '\ufe0f'),
  },
  { weight: 1, arbitrary: fc.constantFrom('\ud83d', '\ude00', '\ud801', '\udc00') },
);
const text = fc.array(char, { maxLength: 60 }).map((chars) => chars.join(''));
const runs = { numRuns: 3000 };

/** U+0131 is the one letter whose capital is another's; the iota subscript's capital is a letter, as below. */
const cased = text.filter((x) => !/\u0131|\u0345/.test(x.normalize('NFKD')));

const INVISIBLE = [
  ...[
    '\u00ad',
    '\u034f',
    '\u061c',
    '\u115f',
    '\u1160',
    '\u17b4',
    '\u180b',
    '\u180e',
    '\u200b',
    '\u200c',
    '\u200d',
  ],
  ...['\u200e', '\u202e', '\u2060', '\u2064', '\u2066', '\u3164', '\ufe00', '\ufe0f', '\ufeff', '\uffa0'],
  ...['\u{1bca0}', '\u{1d173}', '\u{e0001}', '\u{e0020}', '\u{e0041}', '\u{e007f}', '\u{e0100}', '\u{e01ef}'],
];
const SPACES = [
  ' ',
  '  ',
  '\t',
  '\n',
  '\r\n',
  '\u0085',
  '\u00a0',
  '\u1680',
  '\u2003',
  '\u2028',
  '\u2029',
  '\u3000',
];
const space = fc.constantFrom(...SPACES);

/** Private-use and unassigned characters have neither case nor forms. */
function* everyCharacter(): Generator<string> {
  for (let code = 0; code <= 0x10ffff; code++) {
    const x = String.fromCodePoint(code);
    if (/[^\p{Private_Use}\p{Unassigned}]/u.test(x)) yield x;
  }
}

describe('loginKey', () => {
  it.each([
    ['', ''],
    ['kyunghwan1', 'kyunghwan1'],
    ['KYUNGHWAN1', 'kyunghwan1'],
    ['  Ko \t Ko\u00a0\u3000', 'ko ko'],
    ['Stra\u00dfe', 'strasse'],
    ['\u039f\u0394\u039f\u03a3', '\u03bf\u03b4\u03bf\u03c3'],
    ['\u0130', 'i\u0307'],
    ['\u212b', '\u00e5'],
    ['a\u00ad\u030a', '\u00e5'],
    ['\u200b \u200b', ''],
    ['x \u200b', 'x'],
    ['\u1fb3', '\u03b1\u03b9'],
    ['\uff76\uff9e', '\u30ac'],
    ['\uab70', '\u13a0'],
    ['\ud83d', '\ud83d'],
    ['\ud801\u200d\udc00', '\u{10428}'],
  ])('of %j is %j', (x, key) => {
    expect(loginKey(x)).toBe(key);
  });

  it.each(pairs('same-names'))('is the same for $one and $other: $why', ({ one, other }) => {
    expect(loginKey(one)).toBe(loginKey(other));
  });

  it.each(pairs('distinct-names'))('tells $one from $other: $why', ({ one, other }) => {
    expect(loginKey(one)).not.toBe(loginKey(other));
  });

  it('has at least forty pairs that must not collide', () => {
    expect(new Set(pairs('distinct-names').map(({ one, other }) => `${one} ${other}`)).size).toBeGreaterThan(
      40,
    );
  });

  it('is its own key', () => {
    const whole = fc.oneof(text, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(whole, (x) => {
        const key = loginKey(x);
        expect(loginKey(key)).toBe(key);
      }),
      runs,
    );
  });

  it('of every single character is its own key, with no white space around it and nothing ignorable in it', () => {
    const wrong: string[] = [];
    for (const x of everyCharacter()) {
      const key = loginKey(x);
      if (
        loginKey(key) !== key ||
        /^\p{White_Space}|\p{White_Space}$|\p{Default_Ignorable_Code_Point}/u.test(key)
      ) {
        wrong.push(x);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each(['NFC', 'NFD', 'NFKC', 'NFKD'])('does not depend on the normal form: %s', (form) => {
    fc.assert(
      fc.property(text, (x) => {
        expect(loginKey(x.normalize(form))).toBe(loginKey(x));
      }),
      runs,
    );
  });

  it('does not depend on case: upper, lower, title', () => {
    fc.assert(
      fc.property(cased, (x) => {
        const title = x.toLowerCase().replace(/^./u, (first) => first.toUpperCase());
        for (const variation of [x.toUpperCase(), x.toLowerCase(), title]) {
          expect(loginKey(variation)).toBe(loginKey(x));
        }
      }),
      runs,
    );
  });

  it('does not depend on the case of any single character but the dotless i', () => {
    const differing: string[] = [];
    for (const x of everyCharacter()) {
      const key = loginKey(x);
      if (loginKey(x.toUpperCase()) !== key || loginKey(x.toLowerCase()) !== key) differing.push(x);
    }
    expect(differing).toEqual(['\u0131']);
  });

  it('takes the iota subscript for the letter that its capital is, once it stands in its place', () => {
    for (const x of ['\u1fb4', '\u1fb3\u0323', '\u03b1\u0345\u0301', '\u1f84\u1fc3']) {
      expect(loginKey(x.normalize('NFD').toUpperCase())).toBe(loginKey(x));
    }
  });

  it('does not depend on white space around, nor on which and how much there is inside', () => {
    fc.assert(
      fc.property(
        fc.array(text),
        fc.array(space, { minLength: 1 }),
        space,
        space,
        (words, inner, before, after) => {
          const spaced = words.reduce((line, word, at) => `${line}${inner[at % inner.length]}${word}`, '');
          expect(loginKey(`${before}${spaced}${after}`)).toBe(loginKey(words.join(' ')));
        },
      ),
    );
  });

  it('does not depend on invisible characters anywhere', () => {
    const strewn = fc.array(fc.record({ what: fc.constantFrom(...INVISIBLE), at: fc.nat(60) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(text, strewn, (x, invisible) => {
        const chars = [...x];
        for (const { what, at } of invisible) chars.splice(at, 0, what);
        expect(loginKey(chars.join(''))).toBe(loginKey(x));
      }),
      runs,
    );
  });
});
