import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { DomainError } from '../common/domain-error.js';
import { answerFailure } from './error.filter.js';
import { OverloadLine } from './overload-line.js';

/**
 * So many are turned away in one turn of the event loop, some milliseconds' worth: thousands who come at once, and again
 * as soon as they are answered, then stand in nobody else's way.
 */
const ANSWERS_A_TURN = 32;

interface PasswordWorkConfig {
  readonly passwordWork?: boolean;
}

/** Marks a route that anybody may call and that costs a password hash. */
export const PasswordWork = (): MethodDecorator =>
  RouteConfig({ passwordWork: true } satisfies PasswordWorkConfig);

/**
 * Turns requests of routes marked by `@PasswordWork()` away before anything is done for them, while there is a reason.
 * After `configureHttp`, before `app.init()`.
 * @param refusal asked at each such request; the hashing threads', whose queue is full
 */
export function shedPasswordWork(instance: FastifyInstance, refusal: () => DomainError | undefined): void {
  const line = new OverloadLine(instance.log, 'overloaded: password work is turned away');
  const answers = new Paced(ANSWERS_A_TURN);
  const shed: onRequestHookHandler = (_request, reply, done) => {
    const failure = refusal();
    if (!failure) {
      done();
      return;
    }
    line.turnedAway({ reason: failure.reason, detail: failure.detail });
    answers.add(() => answerFailure(reply, failure));
  };
  instance.addHook('onRoute', (route) => {
    if ((route.config as PasswordWorkConfig | undefined)?.passwordWork !== true) return;
    route.onRequest = [route.onRequest ?? [], shed].flat();
  });
}

/** Small tasks, first come, first served, of which so many are done in each turn of the event loop. */
class Paced {
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly aTurn: number) {}

  add(task: () => void): void {
    this.waiting.push(task);
    if (this.waiting.length === 1) setImmediate(this.turn);
  }

  private readonly turn = (): void => {
    for (const task of this.waiting.splice(0, this.aTurn)) task();
    if (this.waiting.length > 0) setImmediate(this.turn);
  };
}
