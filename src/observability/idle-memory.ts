import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_EVERY_MS = 6_000;
/** Share of the time that the event loop was busy, below which nobody waits for a collection of some 50 ms. */
const IDLE_BELOW = 0.01;
/** V8 gives pages of the young generation back in a collection that finds it idle, which the first makes it. */
const COLLECTIONS = 2;

/**
 * Gives back, once, the memory that only the start needed: loading the modules fills V8's young generation (32 MB), and
 * a server that nobody asks anything would never collect it. Waits until the process is idle, and then stops looking.
 */
export function collectAfterStart(): void {
  let done = 0;
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(before);
    before = performance.eventLoopUtilization();
    if (utilization >= IDLE_BELOW) return;
    collect();
    // What the collection took is not work.
    before = performance.eventLoopUtilization();
    done += 1;
    if (done === COLLECTIONS) clearInterval(timer);
  }, LOOK_EVERY_MS);
  timer.unref();
}

function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
