import {
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Principal } from '../access/principal.js';
import { NotPermitted } from '../common/failures.js';
import { Settings } from '../config/settings.js';
import { isAllowed, type StudentAction } from './student-policy.js';

const ACTION = 'students:action';

interface PolicedRequest {
  readonly user?: Principal;
  readonly params: { readonly public_id?: string };
  body?: unknown;
}

/** Names what a route does to a student, for the policy to decide on. */
export const Does = (action: StudentAction): CustomDecorator => SetMetadata(ACTION, action);

/** Asks the policy before fields are looked at: 403 comes before 400. */
@Injectable()
export class StudentPolicyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly settings: Settings,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const action = this.reflector.get<StudentAction | undefined>(ACTION, context.getHandler());
    if (action === undefined) throw new Error(`${context.getHandler().name} names no action for the policy.`);
    const request = context.switchToHttp().getRequest<PolicedRequest>();
    const target = request.params.public_id;
    const actions: StudentAction[] =
      action === 'update' && hasRole(request.body) ? ['update', 'change-role'] : [action];
    if (!actions.every((each) => isAllowed(each, request.user, target, this.settings)))
      throw new NotPermitted();
    // An admin's DELETE of another student takes no body, so whatever came as one is ignored.
    if (action === 'delete' && target !== request.user?.publicId) request.body = {};
    return true;
  }
}

function hasRole(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, 'role');
}
