import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Database } from '../../database/database.js';
import { type DoneJob, PasswordHasher } from '../../passwords/password-hasher.js';
import type { RequestTrace } from './request-trace.js';
import { RequestTraces } from './request-traces.js';
import { statementPart } from './statement-part.js';
import { createTracerProvider, SERVICE } from './tracer-provider.js';

/** What a shutdown waits for the collector, within what it leaves the application for closing. */
const LONGEST_FLUSH_MS = 1_000;

/**
 * Traces what the application does, for the collector at an OTLP endpoint. Loaded only where there is one, before the
 * application's other hooks.
 */
export function startTracing(app: NestFastifyApplication, endpoint: string, log: Logger): void {
  const provider = createTracerProvider(endpoint, log);
  const traces = new RequestTraces(provider.getTracer(SERVICE));
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  traces.listenTo(instance);

  const database = app.get(Database, { strict: false });
  const system = database.kind === 'sqlite' ? 'sqlite' : 'postgresql';
  database.onStatement((statement) => traces.current?.add(statementPart(system, statement)));
  app.get(PasswordHasher, { strict: false }).onJob((job) => addPasswordJob(traces.current, job));

  instance.addHook('onClose', async () => {
    // That the last spans could not be sent has been told by the exporter.
    const flushed = Promise.allSettled([provider.shutdown()]);
    await Promise.race([flushed, sleep(LONGEST_FLUSH_MS, undefined, { ref: false })]);
  });
}

function addPasswordJob(trace: RequestTrace | undefined, { kind, waitedMs, ranMs }: DoneJob): void {
  trace?.add({ name: 'password wait', ms: waitedMs, endedAgoMs: ranMs });
  trace?.add({ name: `password ${kind}`, ms: ranMs });
}
