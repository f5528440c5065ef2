import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import type { Role } from './principal.js';
import { ROLES, RolesGuard } from './roles.guard.js';

/** Only callers in one of these roles; others get 403. */
export const Roles = (...roles: Role[]): ClassDecorator & MethodDecorator =>
  applyDecorators(SetMetadata(ROLES, roles), UseGuards(RolesGuard));
