import fc from 'fast-check';
import { cleanName, emailFault, nameFault } from './student-identity.js';

const domain = (length: number): string => `${'d'.repeat(60)}.`.repeat(5).slice(0, length - 4) + '.com';

describe('cleanName', () => {
  it.each([
    ['  Ko Kyunghwan\t', 'Ko Kyunghwan'],
    ['\u3000김\u00a0경환\u2028', '김\u00a0경환'],
    ['Ko', 'Ko'],
  ])('keeps %j as %j', (name, kept) => {
    expect(cleanName(name)).toBe(kept);
  });
});

describe('nameFault', () => {
  it.each([
    'kyunghwan1',
    'k',
    '김경환',
    'Mary Ann  Smith-Jones',
    "O'Neil",
    'Dr. 😀',
    '%_"\\/<b>',
    'NULL',
    '한'.repeat(50),
    '😀'.repeat(50),
    `  ${'k'.repeat(50)}\n`,
    '\u0627\u0644\u0644\u0647',
    'a\u200bb',
    '\u00a8',
    'ko1@naver.com',
  ])('takes %j', (name) => {
    expect(nameFault(name)).toBeUndefined();
  });

  it.each([
    ['', 'must be 1 to 50 characters'],
    ['   ', 'must be 1 to 50 characters'],
    ['\u3000\u00a0', 'must be 1 to 50 characters'],
    ['k'.repeat(51), 'must be 1 to 50 characters'],
    ['😀'.repeat(51), 'must be 1 to 50 characters'],
    ['k'.repeat(100_000), 'must be 1 to 50 characters'],
    ['e\u0301'.repeat(26), 'must be 1 to 50 characters'],
    ['a:b', 'must not contain a colon'],
    [':', 'must not contain a colon'],
    ['a\uff1ab', 'must not contain a colon'],
    ['a\ufe55b', 'must not contain a colon'],
    ['a\ufe13b', 'must not contain a colon'],
    ['a\u2a74b', 'must not contain a colon'],
    ['a\tb', 'must not contain control characters'],
    ['a\nb', 'must not contain control characters'],
    ['a\0', 'must not contain control characters'],
    ['\x1b[31m', 'must not contain control characters'],
    ['a\x7f', 'must not contain control characters'],
    ['a\x9b', 'must not contain control characters'],
    ['\ud83d', 'must not contain unpaired surrogates'],
    ['a\udc00b', 'must not contain unpaired surrogates'],
    ['\u200b', 'must not consist of invisible characters only'],
    ['\u00ad\u200d', 'must not consist of invisible characters only'],
    ['\u3164', 'must not consist of invisible characters only'],
    ['\uffa0 \u115f', 'must not consist of invisible characters only'],
    ['\u2800', 'must not consist of invisible characters only'],
    ['\ufe0f\u{e0100}', 'must not consist of invisible characters only'],
    ['\u{e0041}', 'must not consist of invisible characters only'],
    ['\u202e', 'must not consist of invisible characters only'],
  ])('says of %j that it %s', (name, fault) => {
    expect(nameFault(name)).toBe(fault);
  });

  it('says the same of a name as it came and as it is kept', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        expect(nameFault(cleanName(name))).toBe(nameFault(name));
      }),
    );
  });
});

describe('emailFault', () => {
  it.each([
    'ko1@naver.com',
    'KO1@Naver.COM',
    'first.last+tag@sub.example.co.kr',
    "o'neil@example.org",
    '!#$%&*+/=?^_`{|}~-@example.org',
    'x@y.museum',
    '1@2.org',
    '고경환@example.kr',
    'jörg@bücher.example',
    'stra\u00dfe@example.de',
    'ko1@xn--bcher-kva.example',
    `${'l'.repeat(64)}@example.com`,
    `l@${domain(252)}`,
  ])('takes %j', (email) => {
    expect(emailFault(email)).toBeUndefined();
  });

  it.each([
    '',
    ' ',
    '@',
    'ko1',
    'ko1@',
    '@naver.com',
    'ko1@naver',
    'ko1@localhost',
    'ko1@127.0.0.1',
    'ko1@[127.0.0.1]',
    'ko1@naver..com',
    'ko1@.naver.com',
    'ko1@-naver.com',
    'ko1@na_ver.com',
    'ko1@naver.c',
    'ko..1@naver.com',
    '.ko1@naver.com',
    'ko1.@naver.com',
    'ko 1@naver.com',
    ' ko1@naver.com',
    'ko1@naver.com ',
    'ko1@naver.com\n',
    '\u3000ko1@naver.com',
    'ko\u20031@naver.com',
    'ko1@naver\u3000.com',
    'ko1@naver.com\u2028',
    'ko\0@naver.com',
    'ko\u0085@naver.com',
    'ko1@naver.com\r\nBcc: all@naver.com',
    '"ko1"@naver.com',
    '"k o"@naver.com',
    'Ko <ko1@naver.com>',
    'mailto:ko1@naver.com',
    'ko:1@naver.com',
    'ko\uff1a1@naver.com',
    'ko1@ko2@naver.com',
    'ko1\uff20ko2@naver.com',
    '\uff02ko1\uff02@naver.com',
    '\u3164@naver.com',
    '\u200b@naver.com',
    'ko1@\u200b.com',
    'ko\ud83d@naver.com',
    'ko1@na\udc00ver.com',
    '😀@naver.com',
    `${'l'.repeat(65)}@example.com`,
  ])('does not take %j for an address', (email) => {
    expect(emailFault(email)).toBe('must be a valid e-mail address');
  });

  it('counts at most 254 characters', () => {
    expect(emailFault(`l@${domain(253)}`)).toBe('must be at most 254 characters');
    expect(emailFault(`${'l'.repeat(100_000)}@example.com`)).toBe('must be at most 254 characters');
  });
});
