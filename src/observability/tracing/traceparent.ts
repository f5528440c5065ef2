import type { SpanContext } from '@opentelemetry/api';

const SHAPE = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 0x01;

/**
 * The caller's span (W3C Trace Context, section 3.2: a later version may say more behind what version 00 has). Undefined
 * for what is broken, repeated or all zeros: the trace then begins here. Its `tracestate` is left alone, as nothing is
 * passed on from here and it may hold any text.
 */
export function parseTraceparent(header: string | string[] | undefined): SpanContext | undefined {
  const [, version = '', traceId = '', spanId = '', flags = '', more] =
    (typeof header === 'string' && SHAPE.exec(header)) || [];
  if (version === '' || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & SAMPLED, isRemote: true };
}

function isZero(id: string): boolean {
  return /^0+$/.test(id);
}
