import { monitorEventLoopDelay } from 'node:perf_hooks';
import type * as Client from 'prom-client';
import { Counter, Gauge, registerDefaults } from './prometheus.js';

/** How often libuv samples the event loop's lag. */
const RESOLUTION_MS = 10;

/** The process's own figures, most under the names that Prometheus' clients share. */
export function registerProcess(registry: Client.Registry): void {
  registerDefaults(registry);
  total(registry, 'process_cpu_seconds_total', 'User and system CPU time spent, in seconds.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  total(
    registry,
    'student_auth_event_loop_active_seconds_total',
    'Time that the event loop was not idle, in seconds.',
    () => performance.eventLoopUtilization().active / 1000,
  );
  registerLag(registry);
}

/** Of our own: prom-client's has the sampling interval in it, and says `Nan` where nothing was sampled yet. */
function registerLag(registry: Client.Registry): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  new Gauge({
    name: 'student_auth_event_loop_lag_seconds',
    help: 'How late timers ran since the last scrape, in seconds.',
    labelNames: ['statistic'],
    registers: [registry],
    collect() {
      this.reset();
      if (delays.count === 0) return;
      const set = (statistic: string, nanoseconds: number): void =>
        this.set({ statistic }, Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) / 1000);
      set('mean', delays.mean);
      set('p50', delays.percentile(50));
      set('p99', delays.percentile(99));
      set('max', delays.max);
      delays.reset();
    },
  });
}

/** A total that is kept elsewhere. */
function total(registry: Client.Registry, name: string, help: string, current: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(current());
    },
  });
}
