import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { isError } from '../../common/is-error.js';

/** Nest's news about its own start, a line for each module and route. */
const CHATTY = new Set([
  'InstanceLoader',
  'RouterExplorer',
  'RoutesResolver',
  'NestFactory',
  'NestApplication',
]);

/** Why the application could not be put together: thrown as well, and told in one line by whoever starts it. */
const FAILED_START = 'ExceptionHandler';

/** Nest both logs and throws that it cannot listen: whoever started it tells so, in one line. */
const LISTEN_FAILURE = /^Error: listen E[A-Z]+:/;

/** Hands what Nest and its libraries log to our logger. Nest passes the context, and for errors the stack, at the end. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const context = contextOf(rest);
    this.write(context !== undefined && CHATTY.has(context) ? 'debug' : 'info', message, context);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, contextOf(rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    if (typeof message === 'string' && LISTEN_FAILURE.test(message)) return;
    const context = contextOf(rest);
    this.write(context === FAILED_START ? 'debug' : 'error', message, context);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, contextOf(rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, contextOf(rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, contextOf(rest));
  }

  private write(
    level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace',
    message: unknown,
    context?: string,
  ): void {
    const fields = context === undefined ? {} : { context };
    if (isError(message)) this.logger[level]({ ...fields, error: message }, 'an error from the framework');
    else if (isEvent(message))
      this.logger[level]({ ...fields, ...message, message: undefined }, message.message);
    else this.logger[level](fields, typeof message === 'string' ? message : JSON.stringify(message));
  }
}

/** What our own services log: a sentence, and fields beside it. */
function isEvent(message: unknown): message is { readonly message: string } {
  return (
    typeof message === 'object' &&
    message !== null &&
    typeof (message as { message?: unknown }).message === 'string'
  );
}

function contextOf(rest: readonly unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? last : undefined;
}
