import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import { findProjectRoot } from '../../config/project-root.js';
import { ToldExporter } from './told-exporter.js';

/** Long enough for every statement of ours; a text that is longer has been put together from many rows. */
const LONGEST_ATTRIBUTE = 4_096;

export const SERVICE = 'student-auth';

/**
 * Sends spans to a collector by OTLP over HTTP, as JSON, a batch at a time; at most 2,048 wait, and what comes beyond
 * is dropped. Batches, headers, time-outs, TLS, sampling and the resource are set by OpenTelemetry's own variables
 * (`OTEL_BSP_…`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME` and others), which the
 * SDK reads. By default the caller's sampling decision counts, and without one all is sampled.
 *
 * Nothing is registered globally: two applications in one process do not see each other's traces.
 */
export function createTracerProvider(endpoint: string, log: Logger): BasicTracerProvider {
  const exporter = new ToldExporter(new OTLPTraceExporter({ url: tracesUrl(endpoint) }), log);
  return toldOfFaults(
    log,
    () =>
      new BasicTracerProvider({
        resource: resource(),
        spanLimits: { attributeValueLengthLimit: LONGEST_ATTRIBUTE },
        spanProcessors: [new BatchSpanProcessor(exporter)],
      }),
  );
}

/** The endpoint is a base for all signals (OTLP exporter specification): traces go to `/v1/traces` below it. */
export function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/traces`;
  return url.href;
}

function resource(): Resource {
  const { version } = JSON.parse(readFileSync(join(findProjectRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': SERVICE,
        'service.version': version,
        'service.instance.id': randomUUID(),
        'process.pid': process.pid,
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
}

/** Has the log told what the SDK finds wrong with its variables (its own defaults then hold), and nothing later. */
function toldOfFaults<T>(log: Logger, make: () => T): T {
  const ignore = (): void => undefined;
  const tell = (message: string): void => log.warn({ problem: message }, 'tracing is not set up as asked');
  diag.setLogger(
    { error: tell, warn: tell, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  try {
    return make();
  } finally {
    diag.disable();
  }
}
