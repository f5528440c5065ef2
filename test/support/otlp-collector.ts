import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Value = string | number | boolean;

/** A span as it came, with its attributes as an object. */
export interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Record<string, Value>;
  /** 0 unset, 2 error. */
  readonly status: number;
}

export interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A collector of OTLP over HTTP (JSON), which keeps what it is sent and answers as the test says. */
export interface Collector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  readonly deliveries: readonly Delivery[];
  spans(): SentSpan[];
  /** Of the first resource that came. */
  resource(): Record<string, Value>;
  /** From now on; `never`: takes what comes and says nothing. */
  answer(how: number | 'never'): void;
  close(): Promise<void>;
}

interface KeyValue {
  readonly key: string;
  readonly value: { stringValue?: string; intValue?: number; boolValue?: boolean; doubleValue?: number };
}

interface Body {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[];
  }[];
}

interface RawSpan extends Pick<SentSpan, 'name' | 'traceId' | 'spanId' | 'parentSpanId' | 'kind'> {
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly status: { readonly code?: number };
}

export async function startCollector(): Promise<Collector> {
  const deliveries: Delivery[] = [];
  let how: number | 'never' = 200;
  const take = (response: ServerResponse): void => {
    if (how !== 'never') response.writeHead(how, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      deliveries.push({ path: request.url ?? '', headers: request.headers, body });
      take(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bodies = (): Body[] => deliveries.map(({ body }) => JSON.parse(body) as Body);
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries,
    spans: () =>
      bodies().flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(toSpan))),
      ),
    resource: () => objectOf(bodies()[0]?.resourceSpans[0]?.resource.attributes ?? []),
    answer: (next) => void (how = next),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function toSpan({ startTimeUnixNano, endTimeUnixNano, attributes, status, ...span }: RawSpan): SentSpan {
  return {
    ...span,
    start: BigInt(startTimeUnixNano),
    end: BigInt(endTimeUnixNano),
    attributes: objectOf(attributes),
    status: status.code ?? 0,
  };
}

function objectOf(pairs: readonly KeyValue[]): Record<string, Value> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0] as Value]));
}
