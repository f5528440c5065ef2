import { parseStoredHash, storedHashProblem } from './stored-hash.js';

const SALT = 'hHqtK053eBE8f2zgsaZq2w';
const OUTPUT = 'Ace4CnB0t3slAVgL6eya0KuQB6+zOqlzy1qEyFUvHCI';
const phc = (costs: string, salt = SALT, output = OUTPUT): string =>
  `$argon2id$v=19$${costs}$${salt}$${output}`;

describe('a stored argon2id hash', () => {
  it('with the parameters of today is current', () => {
    expect(parseStoredHash(phc('m=19456,t=2,p=1'))).toEqual({
      kind: 'argon2id',
      phc: phc('m=19456,t=2,p=1'),
      current: true,
    });
  });

  it.each([
    phc('m=19456,t=3,p=1'),
    phc('m=8,t=1,p=1'),
    phc('m=65536,t=3,p=4'),
    phc('m=19456,t=2,p=1', SALT, 'zyVJd5KAJjrjYLRciXQPyw'),
    phc('m=19456,t=2,p=1', 'c2FsdHNhbHQ'),
  ])('with other parameters may be run, and is not current: %s', (hash) => {
    expect(parseStoredHash(hash)).toEqual({ kind: 'argon2id', phc: hash, current: false });
  });

  it.each([
    ['m=131072,t=8,p=1', 'm=131073,t=1,p=1'],
    ['m=1024,t=1024,p=1', 'm=1024,t=1025,p=1'],
    ['m=19456,t=2,p=16', 'm=19456,t=2,p=17'],
    ['m=8,t=131072,p=1', 'm=4294967295,t=4294967295,p=255'],
  ])('may cost %s, but not %s', (allowed, refused) => {
    expect(storedHashProblem(phc(allowed))).toBeUndefined();
    expect(storedHashProblem(phc(refused))).toBe('the password hash is too costly to check');
  });

  it.each([
    phc('m=19456,t=2'),
    phc('m=19456,t=0,p=1'),
    phc('m=19456,t=2,p=1', 'c2FsdA'),
    phc('m=15,t=1,p=2'),
    phc('m=19456,t=2,p=1').replace('v=19', 'v=16'),
    phc('m=19456,t=2,p=1').replace('argon2id', 'argon2i'),
    phc('m=19456,t=2,p=1').slice(0, -30),
    `${phc('m=19456,t=2,p=1')}\n`,
    '$argon2id$',
  ])('that is broken or of another variant is malformed: %j', (hash) => {
    expect(storedHashProblem(hash)).toBe('the password hash is malformed');
  });

  it('beside it, Werkzeug hashes are known', () => {
    expect(storedHashProblem(`sha1$salt$${'0'.repeat(40)}`)).toBeUndefined();
    expect(storedHashProblem('plain$$1234')).toBe('the password is stored in plain text');
  });
});
