import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as Client from 'prom-client';
import { OutcomeMetrics } from './outcome-metrics.js';
import { Counter, Histogram } from './prometheus.js';

/** Everything else is one value, so that whatever a caller sends makes no new series. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER_METHOD = 'OTHER';
const NO_ROUTE = 'none';

/** In the status's place where the client was gone before it was answered (the number that nginx logs). */
const CLIENT_GONE = 499;

/** Seconds: token checks take about one thousandth, a login in the queue up to five. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5, 10];

/** What is counted at each request of one route, method and status. */
interface Series {
  readonly requests: Client.Counter.Internal;
  readonly seconds: Client.Histogram.Internal<string>;
  readonly hasOutcome: boolean;
}

/** Counts requests by route, method and status, how long they took, and what came of logins and refreshes. */
export class RequestMetrics {
  private readonly requests: Client.Counter<'route' | 'method' | 'status'>;
  private readonly seconds: Client.Histogram<'route' | 'method' | 'status'>;
  private readonly unreadable: Client.Counter<'status'>;
  private readonly outcomes: OutcomeMetrics;
  /** As many as there are routes, methods and statuses: looked up, not made, at each request. */
  private readonly known = new Map<string, Series>();

  constructor(registry: Client.Registry) {
    const registers = [registry];
    const labelNames = ['route', 'method', 'status'] as const;
    this.requests = new Counter({
      name: 'student_auth_http_requests_total',
      help: 'Requests by route, method and status; 499 where the client was gone before the answer.',
      labelNames,
      registers,
    });
    this.seconds = new Histogram({
      name: 'student_auth_http_request_duration_seconds',
      help: 'Time from the headers of a request to the end of its answer, in seconds.',
      labelNames,
      buckets: BUCKETS,
      registers,
    });
    this.unreadable = new Counter({
      name: 'student_auth_http_unreadable_total',
      help: 'Answers to what was no whole HTTP request: broken, too large (431) or too slow (408).',
      labelNames: ['status'],
      registers,
    });
    this.outcomes = new OutcomeMetrics(registry);
  }

  listenTo(instance: FastifyInstance): void {
    instance.requestListeners.push((request, reply, ms) => this.record(request, reply, ms));
    instance.refusalListeners.push((status) => this.unreadable.inc({ status }));
  }

  private record(request: FastifyRequest, reply: FastifyReply, durationMs: number): void {
    const route = request.routeOptions.url ?? NO_ROUTE;
    const status = reply.raw.headersSent ? reply.raw.statusCode : CLIENT_GONE;
    const method = METHODS.has(request.method) ? request.method : OTHER_METHOD;
    const key = `${status}${method}${route}`;
    let series = this.known.get(key);
    if (series === undefined) {
      series = this.seriesOf({ route, method, status: String(status) });
      this.known.set(key, series);
    }
    series.requests.inc();
    series.seconds.observe(durationMs / 1000);
    if (series.hasOutcome) this.outcomes.count(route, method, status, reply.failure?.reason);
  }

  private seriesOf(labels: { route: string; method: string; status: string }): Series {
    return {
      requests: this.requests.labels(labels),
      seconds: this.seconds.labels(labels),
      hasOutcome: this.outcomes.concern(labels.route, Number(labels.status)),
    };
  }
}
