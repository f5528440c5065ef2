import { decodeCursor, encodeCursor } from './cursor.js';

describe('cursors', () => {
  it('give back what they were made of', () => {
    const cursor = encodeCursor('list', ['é "x"', 42]);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor('list', ['string', 'integer'], cursor)).toEqual(['é "x"', 42]);
  });

  it.each([
    ['of another kind', encodeCursor('other', ['a', 1])],
    ['of another shape', encodeCursor('list', [1, 'a'])],
    ['too short', encodeCursor('list', ['a'])],
    ['too long', encodeCursor('list', ['a', 1, 1])],
    ['with a broken number', encodeCursor('list', ['a', 1.5])],
    ['with an unsafe number', encodeCursor('list', ['a', 2 ** 53])],
    ['spelt otherwise', Buffer.from('["list", "a", 1]').toString('base64url')],
    ['padded', `${encodeCursor('list', ['abc', 1])}=`],
    ['with junk', `${encodeCursor('list', ['a', 1])}!`],
    ['of no JSON', 'abc'],
    ['of another JSON', Buffer.from('{"0":"list"}').toString('base64url')],
    ['that is empty', ''],
  ])('%s are none', (_what, cursor) => {
    expect(decodeCursor('list', ['string', 'integer'], cursor)).toBeUndefined();
  });
});
