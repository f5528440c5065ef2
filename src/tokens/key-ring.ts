import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type JwtAlgorithm, type JwtSettings, Settings } from '../config/settings.js';
import { KeyFileError, readKeyFiles, type KeyFile } from './key-file.js';
import { readTokenHeader, type TokenHeader } from './token-header.js';
import { InvalidToken } from './tokens.errors.js';

export interface SigningKey {
  readonly algorithm: JwtAlgorithm;
  readonly key: KeyObject;
  /** Undefined for a shared secret, which has no public name. */
  readonly kid: string | undefined;
}

/**
 * The keys that sign and verify. A token's algorithm is bound to the key it names; neither key material nor an
 * address of one is ever taken from a token's header.
 */
@Injectable()
export class KeyRing {
  /** The algorithms that any key of the ring has: everything else is refused outright. */
  readonly algorithms: readonly JwtAlgorithm[];
  private readonly jwt: JwtSettings;
  private readonly secret: KeyObject | undefined;
  private readonly previousSecret: KeyObject | undefined;
  private files: readonly KeyFile[] = [];
  private reloads = 0;

  constructor(settings: Settings) {
    this.jwt = settings.jwt;
    this.secret = this.jwt.algorithm === 'HS256' ? secretKey(this.jwt.secret) : undefined;
    this.previousSecret = secretKey(this.jwt.previousSecret);
    const hmac = this.secret !== undefined || this.previousSecret !== undefined;
    this.algorithms =
      this.jwt.algorithm === 'HS256' || !hmac ? [this.jwt.algorithm] : [this.jwt.algorithm, 'HS256'];
    this.reload();
  }

  /**
   * Reads the key folder again (at start and on SIGHUP). A folder that cannot be used leaves the keys as they are.
   * @throws KeyFileError
   */
  reload(): void {
    const { algorithm, keysDir } = this.jwt;
    if (algorithm === 'HS256' || keysDir === undefined) return;
    const files = readKeyFiles(keysDir, algorithm);
    if (!files.some((each) => !each.waiting)) {
      throw new KeyFileError('JWT_KEYS_DIR holds no key that signs: put a NAME.pem there.');
    }
    this.files = files;
    this.reloads += 1;
  }

  /** Another number after each `reload` that took: what was verified before may not be any more. */
  get generation(): number {
    return this.reloads;
  }

  /** Of the keys that do not wait, the last by name. */
  signingKey(): SigningKey {
    if (this.secret) return { algorithm: 'HS256', key: this.secret, kid: undefined };
    const last = this.files.findLast((each) => !each.waiting);
    if (!last) throw new KeyFileError('There is no signing key.');
    return { algorithm: last.algorithm, key: last.privateKey, kid: last.kid };
  }

  /**
   * The key that the token must verify under.
   * @throws InvalidToken when the token's form is not ours or names no key of ours
   */
  keyFor(token: string): KeyObject {
    const header = readTokenHeader(token);
    const key = header && this.verificationKey(header, token);
    if (!key) throw new InvalidToken();
    return key;
  }

  /**
   * Every key of the folder, the waiting ones too, so that verifiers know a key before it signs; a key that lies there
   * under two names once, as verifiers refuse a kid that two entries have.
   */
  publicKeys(): readonly KeyFile[] {
    return this.files.filter(({ kid }, at) => this.files.findIndex((each) => each.kid === kid) === at);
  }

  private verificationKey(header: TokenHeader, token: string): KeyObject | undefined {
    if (header.alg === 'HS256') return this.secretFor(token);
    return this.files.find((each) => each.kid === header.kid && each.algorithm === header.alg)?.publicKey;
  }

  private secretFor(token: string): KeyObject | undefined {
    if (!this.secret || !this.previousSecret) return this.secret ?? this.previousSecret;
    return signedWith(this.previousSecret, token) ? this.previousSecret : this.secret;
  }
}

function secretKey(secret: string | undefined): KeyObject | undefined {
  return secret === undefined ? undefined : createSecretKey(Buffer.from(secret, 'utf8'));
}

function signedWith(key: KeyObject, token: string): boolean {
  const dot = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(dot + 1), 'base64url');
  const expected = createHmac('sha256', key).update(token.slice(0, dot)).digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}
