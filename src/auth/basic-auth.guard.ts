import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import type { VerifiedStudent } from '../students/credentials.service.js';
import { CouldNotVerify } from './auth.errors.js';
import { BASIC_STRATEGY } from './basic.strategy.js';

interface LoginRequest extends FastifyRequest {
  verifiedStudent?: VerifiedStudent;
}

/** Lets in who shows good Basic credentials; others get the challenge. */
@Injectable()
export class BasicAuthGuard extends AuthGuard(BASIC_STRATEGY) {
  override getAuthenticateOptions() {
    return { session: false, property: 'verifiedStudent' };
  }

  override handleRequest<Student>(error: Error | null, student: Student | false): Student {
    if (error) throw error;
    if (!student) throw new CouldNotVerify('basic');
    return student;
  }
}

/** As BasicAuthGuard, where credentials may also come in the body: without `Authorization: Basic` those are looked at. */
@Injectable()
export class BasicOrBodyGuard extends BasicAuthGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (usesBasic(context)) return Boolean(await super.canActivate(context));
    // Neither form of credentials: as for GET /login.
    if (context.switchToHttp().getRequest<LoginRequest>().body === undefined)
      throw new CouldNotVerify('basic');
    return true;
  }
}

/** The student whom the guard verified; undefined where the credentials are in the body. */
export const CurrentStudent = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<LoginRequest>().verifiedStudent,
);

/** The body, where it holds the credentials; the validation pipe checks it as `@Body()`. */
export const BodyCredentials = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  usesBasic(context) ? undefined : (context.switchToHttp().getRequest<LoginRequest>().body ?? {}),
);

function usesBasic(context: ExecutionContext): boolean {
  return /^basic\b/i.test(context.switchToHttp().getRequest<LoginRequest>().headers.authorization ?? '');
}
