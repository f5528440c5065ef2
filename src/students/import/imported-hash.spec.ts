import { importedHash } from './imported-hash.js';

const LOCKED = 'cannot log in until an admin sets a password: ';
const HEX = 'bf0f879995d3f997964ade5b00fce9d81d68e6589f7c812937b30671a58d767b';

describe('importedHash', () => {
  it.each([
    ['a hash that can be checked', `sha256$EBzbyAgwmvbcQJQK$${HEX}`, undefined],
    ['a broken one', 'not-a-werkzeug-hash', 'the password hash is malformed'],
    ['a costly one', `pbkdf2:sha256:900000000$salt$${HEX}`, 'the password hash is too costly to check'],
    ['one of another kind', '$2b$12$abcdefghijklmnopqrstuv', 'the method of the password hash is unknown'],
  ])('keeps %s as it is', (_what, hash, problem) => {
    expect(importedHash(hash)).toEqual(
      problem === undefined ? { hash } : { hash, warning: LOCKED + problem },
    );
  });

  it('carries no password in plain text over, and says the same of what is left', () => {
    const kept = importedHash('plain$$open sesame');
    expect(kept).toEqual({ hash: 'plain$$', warning: `${LOCKED}the password is stored in plain text` });
    expect(importedHash(kept.hash)).toEqual(kept);
  });

  it.each(['a\0b', 'x'.repeat(1025), '\ud800'])('keeps nothing of what no column is to hold', (hash) => {
    const kept = importedHash(hash);
    expect(kept).toEqual({ hash: '!', warning: `${LOCKED}the password hash is malformed` });
    expect(importedHash(kept.hash)).toEqual(kept);
  });
});
