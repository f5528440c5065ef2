import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  hashRefreshToken,
  isRefreshTokenForm,
  newRefreshToken,
  openSuccessor,
  sealSuccessor,
} from './refresh-token.js';

describe('a refresh token', () => {
  it('is 256 random bits in base64url, another one every time', () => {
    const tokens = Array.from({ length: 1000 }, newRefreshToken);
    expect(new Set(tokens).size).toBe(1000);
    for (const token of tokens) {
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(isRefreshTokenForm(token)).toBe(true);
    }
  });

  it.each([
    '',
    'a'.repeat(42),
    'a'.repeat(44),
    `${'a'.repeat(42)}=`,
    `${'a'.repeat(42)}+`,
    `${'a'.repeat(43)}\n`,
  ])('has not the form of %j', (text) => {
    expect(isRefreshTokenForm(text)).toBe(false);
  });

  it('is stored as its SHA-256', () => {
    const token = newRefreshToken();
    expect(hashRefreshToken(token)).toBe(createHash('sha256').update(token).digest('base64url'));
  });
});

describe('a sealed successor', () => {
  it('is read with the spent token alone', () => {
    const [spent, successor, other] = [newRefreshToken(), newRefreshToken(), newRefreshToken()];
    const sealed = sealSuccessor(successor, spent);
    expect(openSuccessor(sealed, spent)).toBe(successor);
    expect(() => openSuccessor(sealed, other)).toThrow();
    // What the server keeps of the spent token does not open it.
    expect(() => openSuccessor(sealed, hashRefreshToken(spent))).toThrow();
  });

  it('shows nothing of the successor, and looks different every time', () => {
    const [spent, successor] = [newRefreshToken(), newRefreshToken()];
    const [one, other] = [sealSuccessor(successor, spent), sealSuccessor(successor, spent)];
    expect(one).not.toBe(other);
    expect(Buffer.from(one, 'base64url').includes(successor)).toBe(false);
  });

  it('is refused when a single bit of it was changed', () => {
    const spent = newRefreshToken();
    const sealed = Buffer.from(sealSuccessor(newRefreshToken(), spent), 'base64url');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sealed.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(() => openSuccessor(changed.toString('base64url'), spent)).toThrow();
      }),
    );
  });
});
