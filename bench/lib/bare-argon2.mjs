import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cpuMs } from './proc.mjs';
import { spread } from './figures.mjs';

const FILE = fileURLToPath(new URL('../baselines/argon2.mjs', import.meta.url));

/** Starts the process that does nothing but argon2, as many at once as the server does: by default the cores available. */
export async function startBareArgon2(threads = availableParallelism()) {
  const env = { PATH: process.env.PATH, UV_THREADPOOL_SIZE: String(threads) };
  const child = fork(FILE, { env });
  await once(child, 'message');
  return {
    /** @param work `hash` or `verify` */
    run: async (work, seconds) => {
      const before = cpuMs(child.pid);
      child.send({ work, seconds });
      const [{ latencies, elapsedMs }] = await once(child, 'message');
      const sorted = latencies.sort((a, b) => a - b);
      return {
        perSecond: (sorted.length * 1000) / elapsedMs,
        p50: spread(sorted).median,
        p99: sorted[Math.floor(sorted.length * 0.99)],
        cpuMs: (cpuMs(child.pid) - before) / sorted.length,
        errors: 0,
      };
    },
    stop: () => child.disconnect(),
  };
}
