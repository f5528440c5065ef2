import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { Role } from './principal.js';

export const ROLES = 'access:roles';

/** Only callers in one of these roles; others get 403. */
export const Roles = (...roles: Role[]): CustomDecorator => SetMetadata(ROLES, roles);
