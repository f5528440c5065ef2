import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';

/** Something that took its time within a request. */
export interface Part {
  readonly name: string;
  readonly kind?: SpanKind;
  readonly ms: number;
  /** How long ago it ended; 0 by default. */
  readonly endedAgoMs?: number;
  readonly attributes?: Attributes;
  /** Why it failed, in a word of few. */
  readonly errorType?: string | undefined;
}

/** The span of one request, and those of its parts, which are known when they are over. */
export class RequestTrace {
  readonly span: Span;
  private readonly within: Context;
  /** One clock for all spans of a request, or parts would begin before the whole. */
  private readonly clockOffset = Date.now() - performance.now();

  /** @param begunAgoMs for a request that is only now heard of */
  constructor(
    private readonly tracer: Tracer,
    name: string,
    parent: Context,
    begunAgoMs = 0,
  ) {
    const startTime = this.now() - begunAgoMs;
    this.span = tracer.startSpan(name, { kind: SpanKind.SERVER, startTime }, parent);
    this.within = trace.setSpan(parent, this.span);
  }

  add({ name, kind = SpanKind.INTERNAL, ms, endedAgoMs = 0, attributes = {}, errorType }: Part): void {
    const end = this.now() - endedAgoMs;
    const part = this.tracer.startSpan(name, { kind, attributes, startTime: end - ms }, this.within);
    if (errorType !== undefined) fail(part, errorType);
    part.end(end);
  }

  end(attributes: Attributes, errorType: string | undefined): void {
    this.span.setAttributes(attributes);
    if (errorType !== undefined) fail(this.span, errorType);
    this.span.end(this.now());
  }

  private now(): number {
    return this.clockOffset + performance.now();
  }
}

function fail(span: Span, errorType: string): void {
  span.setAttribute('error.type', errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
