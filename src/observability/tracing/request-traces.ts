import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerAttributes, answerErrorType, requestAttributes, spanName } from './request-attributes.js';
import { RequestTrace } from './request-trace.js';
import { parseTraceparent } from './traceparent.js';

/** A span a request, from its headers to the end of its answer, and the way from anywhere within it to its trace. */
export class RequestTraces {
  private readonly underWay = new WeakMap<FastifyRequest, RequestTrace>();
  private readonly storage = new AsyncLocalStorage<RequestTrace>();

  constructor(private readonly tracer: Tracer) {}

  /** The trace of the request that is being served here; none if it is not sampled, or answered already. */
  get current(): RequestTrace | undefined {
    const current = this.storage.getStore();
    return current?.span.isRecording() ? current : undefined;
  }

  /** Before other hooks are added, since one of them may answer. */
  listenTo(instance: FastifyInstance): void {
    instance.addHook('onRequest', (request, reply, done) => {
      const begun = this.begin(request);
      this.underWay.set(request, begun);
      if (begun.span.isRecording()) markLines(request, reply, begun);
      done();
    });
    // Not before: what is entered ahead of the body is lost while the body is read.
    instance.addHook('preValidation', (request, _reply, done) => {
      const begun = this.underWay.get(request);
      if (begun?.span.isRecording()) this.storage.run(begun, done);
      else done();
    });
    instance.requestListeners.push((request, reply, durationMs) => {
      // What the router refused went past the hooks.
      const ended = this.underWay.get(request) ?? this.begin(request, durationMs);
      ended.end(answerAttributes(reply), answerErrorType(reply));
    });
  }

  private begin(request: FastifyRequest, begunAgoMs = 0): RequestTrace {
    const parent = parseTraceparent(request.headers['traceparent']);
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const begun = new RequestTrace(this.tracer, spanName(request), context, begunAgoMs);
    // Most are not sampled where there are many.
    if (begun.span.isRecording()) begun.span.setAttributes(requestAttributes(request));
    return begun;
  }
}

/** The log's lines on a sampled request say which trace it is (https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/). */
function markLines(request: FastifyRequest, reply: FastifyReply, { span }: RequestTrace): void {
  const { traceId, spanId } = span.spanContext();
  request.log = reply.log = request.log.child({ trace_id: traceId, span_id: spanId });
}
