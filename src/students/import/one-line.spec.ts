import fc from 'fast-check';
import { oneLine } from './one-line.js';

describe('oneLine', () => {
  it('shows control characters as their pictures', () => {
    expect(oneLine('a\nb\0\x1b[31m\x7f\x85')).toBe('a␊b␀␛[31m␡\ufffd');
  });

  it('lets nothing end a line, drive a terminal or turn the direction of the text', () => {
    const hostile = fc.string({ unit: 'binary' }).map((text) => `${text}\u2028\u202e\r`);
    fc.assert(
      fc.property(hostile, (text) =>
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u202a-\u202e]/u),
      ),
    );
  });

  it('leaves other text as it is', () => {
    expect(oneLine('감귤 Zoë 👩‍🎓')).toBe('감귤 Zoë 👩‍🎓');
  });
});
