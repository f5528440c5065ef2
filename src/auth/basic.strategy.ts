import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { BasicStrategy as HttpBasicStrategy } from 'passport-http';
import { callerOf } from '../http/caller.js';
import { Credentials, type VerifiedStudent } from '../students/credentials.service.js';
import { parseBasicCredentials } from './basic-credentials.js';

export const BASIC_STRATEGY = 'basic';

/** What passport adds to a strategy while it runs it. */
interface RunningStrategy {
  success(student: VerifiedStudent): void;
  fail(challenge?: string): void;
  error(error: unknown): void;
}

/** passport's way in with a user-id and a password. */
@Injectable()
export class BasicStrategy extends PassportStrategy(HttpBasicStrategy, BASIC_STRATEGY) {
  constructor(private readonly credentials: Credentials) {
    super({ realm: 'Login required!', passReqToCallback: true });
  }

  /** In place of passport-http's, which cuts a password at its second colon and takes any bytes for UTF-8. */
  override authenticate(request: unknown): void {
    const running = this as unknown as RunningStrategy;
    this.validate(request as FastifyRequest).then(
      (student) => (student ? running.success(student) : running.fail()),
      (error: unknown) => running.error(error),
    );
  }

  async validate(request: FastifyRequest): Promise<VerifiedStudent | undefined> {
    const shown = parseBasicCredentials(request.headers.authorization);
    return shown && (await this.credentials.verify(shown.userId, shown.password, callerOf(request)));
  }
}
