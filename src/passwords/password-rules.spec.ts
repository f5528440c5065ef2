import { passwordFaults } from './password-rules.js';

const faults = (password: string, minLength = 8, notLike: string[] = []): string[] =>
  passwordFaults(password, { minLength, notLike });

describe('a new password', () => {
  it.each([
    'correct horse',
    '  spaces  ',
    '비밀번호입니다요',
    'a:b:c:d:e',
    '😀'.repeat(8),
    'x1'.repeat(128),
    'X7$kq-pw',
  ])('may be %j', (password) => {
    expect(faults(password)).toEqual([]);
  });

  it('is counted in code points, as sent', () => {
    expect(faults('😀'.repeat(7))).toEqual(['password must be at least 8 characters']);
    expect(faults('😀'.repeat(256))).toEqual([]);
    expect(faults('😀'.repeat(257))).toEqual(['password must be at most 256 characters']);
    expect(faults('e\u0301'.repeat(4))).toEqual([]);
  });

  it.each([257, 513, 65_536])('may not have %i characters', (length) => {
    expect(faults('q'.repeat(length))).toEqual(['password must be at most 256 characters']);
  });

  it('holds no NUL and no unpaired surrogate, and every fault is told', () => {
    expect(faults('a\0\ud800')).toEqual([
      'password must be at least 8 characters',
      'password must not contain the character NUL',
      'password must not contain unpaired surrogates',
    ]);
  });

  it.each(['password', '12345678', 'Password1', 'ＰＡＳＳＷＯＲＤ', ' iloveyou'])(
    'is not among the most common ones: %s',
    (password) => {
      expect(faults(password)).toEqual(['password is among the most common ones']);
    },
  );

  it('is compared with the most common ones that its minimum length lets through', () => {
    // The last of the 3,000 with eight characters or more, and the one after it.
    expect(faults('13101988')).toEqual(['password is among the most common ones']);
    expect(faults('13101992')).toEqual([]);
    expect(faults('qwertyuiop', 10)).toEqual(['password is among the most common ones']);
  });

  it('is not the name or the e-mail, in any form with the same key', () => {
    const notLike = ['Kyunghwan Ko', 'ko1@naver.com'];
    expect(faults('kyunghwan  KO', 8, notLike)).toEqual(['password must not be the name or the e-mail']);
    expect(faults('KO1@naver.com', 8, notLike)).toEqual(['password must not be the name or the e-mail']);
    expect(faults('kyunghwan ko 1', 8, notLike)).toEqual([]);
  });

  it('is not compared with what is too long for a name or an e-mail', () => {
    const long = ` ${'kyunghwan'.padEnd(1024)}`;
    expect(faults('kyunghwan', 8, [long.slice(0, 1024)])).toEqual([
      'password must not be the name or the e-mail',
    ]);
    expect(faults('kyunghwan', 8, [long])).toEqual([]);
  });

  it('is only measured where the minimum length is under eight', () => {
    expect(faults('1234', 4, ['1234'])).toEqual([]);
    expect(faults('password', 7)).toEqual([]);
    expect(faults('123', 4)).toEqual(['password must be at least 4 characters']);
  });

  it('is called what the request calls it', () => {
    expect(passwordFaults('short', { minLength: 8, notLike: [], field: 'new_password' })).toEqual([
      'new_password must be at least 8 characters',
    ]);
  });
});
