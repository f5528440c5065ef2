import { createRequire } from 'node:module';
import type * as Client from 'prom-client';

type Defaults = (registry: Client.Registry, options: { eventLoopMonitoringPrecision: number }) => void;

const require = createRequire(import.meta.url);

/**
 * prom-client, part by part: its main file also loads OpenTelemetry's API, for exemplars of the processor time, and
 * nothing of OpenTelemetry is to be loaded where traces are off.
 */
export const Registry = require('prom-client/lib/registry.js') as typeof Client.Registry;
export const Counter = require('prom-client/lib/counter.js') as typeof Client.Counter;
export const Gauge = require('prom-client/lib/gauge.js') as typeof Client.Gauge;
export const Histogram = require('prom-client/lib/histogram.js') as typeof Client.Histogram;

/** The process's own figures under the names that Prometheus' clients share, but for the processor time. */
const DEFAULTS = [
  'processStartTime',
  'osMemoryHeap',
  'processOpenFileDescriptors',
  'processMaxFileDescriptors',
  'eventLoopLag',
  'processResources',
  'heapSizeAndUsed',
  'heapSpacesSizeAndUsed',
  'version',
  'gc',
].map((name) => require(`prom-client/lib/metrics/${name}.js`) as Defaults);

/** Milliseconds; the event loop's lag is sampled this often, off the JavaScript thread's books. */
const LAG_RESOLUTION_MS = 10;

export function registerProcess(registry: Client.Registry): void {
  for (const register of DEFAULTS) register(registry, { eventLoopMonitoringPrecision: LAG_RESOLUTION_MS });
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Total user and system CPU time spent, in seconds.',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}
