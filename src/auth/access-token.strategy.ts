import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../access/principal.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { KeyRing } from '../tokens/key-ring.js';
import { InvalidToken } from '../tokens/tokens.errors.js';
import { presentedToken } from './presented-token.js';
import { Principals } from './principals.js';

export const ACCESS_TOKEN_STRATEGY = 'access-token';

/** passport's way in with an access token. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN_STRATEGY) {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly principals: Principals,
    keys: KeyRing,
  ) {
    super({
      jwtFromRequest: (request: unknown) => {
        const presented = presentedToken(request as FastifyRequest);
        return typeof presented === 'object' ? presented.token : null;
      },
      secretOrKeyProvider: (_request, token: string, done) => {
        try {
          // passport-jwt's types are older than KeyObject; a text would cost twenty times as much a check.
          done(null, keys.keyFor(token) as unknown as Buffer);
        } catch (error) {
          done(error);
        }
      },
      ...tokens.verification(),
    });
  }

  /** @throws InvalidToken for claims that do not hold, and for a session that is not live */
  async validate(payload: unknown): Promise<Principal> {
    const principal = await this.principals.find(this.tokens.accept(payload));
    if (!principal) throw new InvalidToken({ detail: 'no live session of that student' });
    return principal;
  }
}
