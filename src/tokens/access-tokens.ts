import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../common/clock.js';
import { Settings } from '../config/settings.js';
import { type AccessTokenClaims, readClaims } from './access-token-claims.js';
import { InvalidToken } from './tokens.errors.js';
import { KeyRing } from './key-ring.js';

export interface IssuedAccessToken {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Makes access tokens and checks them, as far as a token alone can be checked. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: KeyRing,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  issue(publicId: string, sessionId: string): IssuedAccessToken {
    const expiresIn = Math.ceil(this.settings.accessTokenTtl / 1000);
    const iat = Math.floor(this.clock.now() / 1000);
    const { algorithm, kid } = this.keys.signingKey();
    const token = this.jwt.sign(
      { public_id: publicId, sid: sessionId, iat, exp: iat + expiresIn },
      {
        algorithm,
        subject: publicId,
        issuer: this.settings.jwt.issuer,
        audience: this.settings.jwt.audience,
        ...(kid === undefined ? {} : { keyid: kid }),
      },
    );
    return { token, expiresIn, expiresAt: (iat + expiresIn) * 1000 };
  }

  /** What a JWT library must be told to check; the key comes from the key ring, the times are checked by `accept`. */
  verification() {
    return {
      algorithms: [...this.keys.algorithms],
      issuer: this.settings.jwt.issuer,
      audience: this.settings.jwt.audience,
      // `accept` checks exp and nbf against our clock, and more strictly: exp must be there and be a number.
      ignoreExpiration: true,
      ignoreNotBefore: true,
    };
  }

  /** @throws InvalidToken when the verified payload lacks a claim, is expired or not valid yet */
  accept(payload: unknown): AccessTokenClaims {
    const claims = readClaims(payload, this.clock.now());
    if (!claims) throw new InvalidToken();
    return claims;
  }

  /**
   * The whole check of a token without a request around it.
   * @throws InvalidToken
   */
  verify(token: string): AccessTokenClaims {
    let payload: unknown;
    try {
      payload = this.jwt.verify<Record<string, unknown>>(token, this.verification());
    } catch (error) {
      throw new InvalidToken({ cause: error });
    }
    return this.accept(payload);
  }
}
