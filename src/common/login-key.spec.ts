import { loginKey } from './login-key.js';

describe('loginKey', () => {
  it.each([
    ['kyunghwan1', 'kyunghwan1'],
    ['KYUNGHWAN1', 'kyunghwan1'],
    ['  Ko \t Ko\u00a0\u3000', 'ko ko'],
    ['Stra\u00dfe', 'strasse'],
    ['\u1e9e', 'ss'],
    ['\u039f\u0394\u039f\u03a3', '\u03bf\u03b4\u03bf\u03c3'],
    ['\u0130', 'i\u0307'],
    ['\u212b', '\u00e5'],
    ['a\u00ad\u030a', '\u00e5'],
    ['\u200b \u200b', ''],
    ['x \u200b', 'x'],
    [
      '\ufdfa',
      '\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064a\u0647 \u0648\u0633\u0644\u0645',
    ],
    ['\uff76\uff9e', '\u30ac'],
    ['\u1112\u200d\u1161\u11ab', '\ud55c'],
    ['\uab70', '\u13a0'],
    ['\ud83d', '\ud83d'],
  ])('of %j is %j', (text, key) => {
    expect(loginKey(text)).toBe(key);
  });
});
