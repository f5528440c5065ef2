import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { NotPermitted } from '../common/failures.js';
import type { Principal, Role } from './principal.js';

export const ROLES = 'access:roles';

/** Asked after the access-token guard, and before fields are looked at: 403 comes before 400. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const roles = this.reflector.getAllAndOverride<readonly Role[]>(ROLES, [
      context.getHandler(),
      context.getClass(),
    ]);
    const { user } = context.switchToHttp().getRequest<{ user?: Principal }>();
    if (!user || !roles.includes(user.role)) throw new NotPermitted();
    return true;
  }
}
