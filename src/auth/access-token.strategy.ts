import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../access/principal.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { KeyRing } from '../tokens/key-ring.js';
import { InvalidToken } from '../tokens/tokens.errors.js';
import { VerifiedTokens } from '../tokens/verified-tokens.js';
import { presentedToken } from './presented-token.js';
import { Principals } from './principals.js';

export const ACCESS_TOKEN_STRATEGY = 'access-token';

/** What passport adds to a strategy while it runs it. */
interface RunningStrategy {
  success(principal: Principal): void;
  error(error: unknown): void;
}

/** passport's way in with an access token. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN_STRATEGY) {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly principals: Principals,
    private readonly verified: VerifiedTokens,
    keys: KeyRing,
  ) {
    super({
      jwtFromRequest: (request: unknown) => tokenOf(request) ?? null,
      passReqToCallback: true,
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

  /** A token whose signature has been checked goes past passport-jwt; everything that can change is asked again. */
  override authenticate(request: unknown, options?: object): void {
    const token = tokenOf(request);
    const payload = token === undefined ? undefined : this.verified.payloadOf(token);
    if (payload === undefined) {
      super.authenticate(request as Parameters<Strategy['authenticate']>[0], options);
      return;
    }
    const running = this as unknown as RunningStrategy;
    this.principal(payload).then(
      (principal) => running.success(principal),
      (error: unknown) => running.error(error),
    );
  }

  /** Called by passport-jwt with the payload of a token that it found good. */
  validate(request: unknown, payload: unknown): Promise<Principal> {
    this.verified.remember(tokenOf(request) ?? '', payload);
    return this.principal(payload);
  }

  /** @throws InvalidToken for claims that do not hold, and for a session that is not live */
  private async principal(payload: unknown): Promise<Principal> {
    const principal = await this.principals.find(this.tokens.accept(payload));
    if (!principal) throw new InvalidToken({ detail: 'no live session of that student' });
    return principal;
  }
}

function tokenOf(request: unknown): string | undefined {
  const presented = presentedToken(request as FastifyRequest);
  return typeof presented === 'object' ? presented.token : undefined;
}
