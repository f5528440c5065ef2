import { parseTraceparent } from './traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe("the caller's span", () => {
  it.each([
    ['sampled', `00-${TRACE}-${SPAN}-01`, 1],
    ['not sampled', `00-${TRACE}-${SPAN}-00`, 0],
    ['with flags that are not known yet', `00-${TRACE}-${SPAN}-ff`, 1],
    ['of a later version', `01-${TRACE}-${SPAN}-01`, 1],
    ['of a later version that says more', `cc-${TRACE}-${SPAN}-00-and-more`, 0],
  ])('%s', (_what, header, traceFlags) => {
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags, isRemote: true });
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['repeated', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['of version ff', `ff-${TRACE}-${SPAN}-01`],
    ['of version 00 that says more', `00-${TRACE}-${SPAN}-01-more`],
    ['of a later version with something stuck to it', `01-${TRACE}-${SPAN}-01more`],
    ['with a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['with a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['in capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['of something else', 'canary'],
  ])('is none when it is %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});
