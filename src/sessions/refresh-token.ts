import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** 256 random bits, base64url: 43 characters. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a text could be a refresh token at all; anything else need not be looked up. */
export function isRefreshTokenForm(text: string): boolean {
  return TOKEN_FORM.test(text);
}

/** What is stored of a refresh token: SHA-256, base64url. A random 256-bit secret needs no slow hash. */
export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/**
 * Encrypts a token's successor so that only who shows the spent token can read it: the key is derived from the spent
 * token (HKDF-SHA-256, RFC 5869), of which the server keeps nothing but the hash.
 */
export function sealSuccessor(successor: string, spentToken: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, sealingKey(spentToken), iv);
  const sealed = Buffer.concat([cipher.update(successor, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws when `sealed` was not made with this token */
export function openSuccessor(sealed: string, spentToken: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv(CIPHER, sealingKey(spentToken), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString(
    'utf8',
  );
}

function sealingKey(spentToken: string): Buffer {
  return Buffer.from(hkdfSync('sha256', spentToken, '', 'student-auth refresh successor', 32));
}
