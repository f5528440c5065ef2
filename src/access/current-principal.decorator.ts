import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from './principal.js';

/** The caller that the access-token guard recognised. */
export const CurrentPrincipal = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Principal => {
    const { user } = context.switchToHttp().getRequest<{ user?: Principal }>();
    if (!user) throw new Error('CurrentPrincipal on a route that the access-token guard does not close.');
    return user;
  },
);
