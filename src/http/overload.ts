import { getHeapStatistics } from 'node:v8';
import underPressure from '@fastify/under-pressure';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FailureReason } from '../common/domain-error.js';
import { ServiceUnavailable } from '../common/failures.js';
import { OverloadLine } from './overload-line.js';

export interface OverloadLimits {
  /** How late the event loop's timers run on average over one sample, in milliseconds. */
  readonly delayMs: number;
  readonly heapBytes: number;
  readonly sampleMs: number;
}

/**
 * A second of delay is some 5,000 requests in one turn of the event loop: 2,000 connections that never pause are served,
 * and what comes beyond is told to wait rather than left waiting. The mean over two seconds is of up to 200 samples, so
 * that a pause counts as one of them: it would have to fill the two seconds by itself.
 *
 * Password hashes run on threads of their own and do not show here; their queue has its own limit. Nor does resident
 * memory: it does not fall when requests are refused, which would then go on for ever.
 */
const LIMITS: OverloadLimits = {
  delayMs: 1_000,
  heapBytes: 0.9 * getHeapStatistics().heap_size_limit,
  sampleMs: 2_000,
};

const RETRY_AFTER_MS = 5_000;

interface UnshedConfig {
  readonly neverShed?: boolean;
}

/** Marks a route that answers under overload too: what an operator asks while it lasts. */
export const NeverShed = (): MethodDecorator => RouteConfig({ neverShed: true } satisfies UnshedConfig);

/** Answers 503 at once while the process cannot keep up. After `configureHttp`, before `app.init()`. */
export async function shedUnderPressure(instance: FastifyInstance, limits = LIMITS): Promise<void> {
  const line = new OverloadLine(instance.log, 'overloaded: requests are turned away');
  await instance.register(underPressure, {
    maxEventLoopDelay: limits.delayMs,
    maxHeapUsedBytes: limits.heapBytes,
    sampleInterval: limits.sampleMs,
    pressureHandler: (request: FastifyRequest, _reply, type, value) => {
      if ((request.routeOptions.config as UnshedConfig | undefined)?.neverShed === true) return;
      const reason: FailureReason = type === underPressure.TYPE_HEAP_USED_BYTES ? 'memory' : 'event-loop';
      line.turnedAway({ reason, value });
      throw new ServiceUnavailable({ reason, logLevel: 'debug', retryAfterMs: RETRY_AFTER_MS });
    },
  });
}
