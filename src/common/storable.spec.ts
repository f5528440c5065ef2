import { isStorable } from './storable.js';

describe('isStorable', () => {
  it.each(['', 'kim', '비밀번호', '👩‍🚀', '\u0001\u007f\ufffd\uffff', '\u{10ffff}'])('takes %j', (text) => {
    expect(isStorable(text)).toBe(true);
  });

  it.each(['\0', 'kim\0', '\ud800', 'kim\udfff lee', '\udc00\ud800'])('refuses %j', (text) => {
    expect(isStorable(text)).toBe(false);
  });
});
