import { createRequire } from 'node:module';
import type * as Client from 'prom-client';

const require = createRequire(import.meta.url);

/**
 * prom-client, part by part: its main file also loads OpenTelemetry's API, for exemplars of the processor time, and
 * nothing of OpenTelemetry is to be loaded where traces are off.
 */
export const Registry = require('prom-client/lib/registry.js') as typeof Client.Registry;
export const Counter = require('prom-client/lib/counter.js') as typeof Client.Counter;
export const Gauge = require('prom-client/lib/gauge.js') as typeof Client.Gauge;
export const Histogram = require('prom-client/lib/histogram.js') as typeof Client.Histogram;

/** Its figures of the process, but for the processor time and the event loop's lag. */
export function registerDefaults(registry: Client.Registry): void {
  for (const register of DEFAULTS) register(registry);
}

const DEFAULTS = [
  'processStartTime',
  'osMemoryHeap',
  'processOpenFileDescriptors',
  'processMaxFileDescriptors',
  'processResources',
  'heapSizeAndUsed',
  'heapSpacesSizeAndUsed',
  'version',
  'gc',
].map((name) => require(`prom-client/lib/metrics/${name}.js`) as (registry: Client.Registry) => void);
