import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { type OpenWhen, PUBLIC } from '../access/public.decorator.js';
import { Settings } from '../config/settings.js';
import { InvalidToken, MissingToken } from '../tokens/tokens.errors.js';
import { ACCESS_TOKEN_STRATEGY } from './access-token.strategy.js';
import { presentedToken } from './presented-token.js';

/** Closes every route to callers without a good access token; `@Public()` opens one. */
@Injectable()
export class AccessTokenGuard extends AuthGuard(ACCESS_TOKEN_STRATEGY) {
  constructor(
    private readonly reflector: Reflector,
    private readonly settings: Settings,
  ) {
    super({ session: false });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const open = this.reflector.getAllAndOverride<OpenWhen | undefined>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (open?.(this.settings)) return true;
    const presented = presentedToken(context.switchToHttp().getRequest<FastifyRequest>());
    if (presented === undefined) throw new MissingToken();
    if (presented === 'ambiguous') throw new InvalidToken({ detail: 'a credential header is repeated' });
    return Boolean(await super.canActivate(context));
  }

  override handleRequest<Caller>(error: Error | null, principal: Caller | false, info: unknown): Caller {
    if (error) throw error;
    if (!principal) throw new InvalidToken(info instanceof Error ? { detail: info.message } : {});
    return principal;
  }
}
