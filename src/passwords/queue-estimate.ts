/** Beyond this wait a new job is refused rather than queued. */
export const LONGEST_WAIT_MS = 5_000;

/** Whatever the estimate says: what waits takes memory. */
const MOST_WAITING = 10_000;

/**
 * Before anything was measured: one argon2id hash on a core to itself. It gives way to what is measured slowly, as the
 * first jobs of all share the cores with the start of their threads; a class that logs in at once is not refused for that.
 */
const FIRST_GUESS_MS = 20;

/** The weight of the newest job in the moving average: the last ten or so count. */
const NEWEST_WEIGHT = 0.1;

/** How long a job that comes now would wait for a thread, judged by the jobs before it. Times in milliseconds. */
export class QueueEstimate {
  private averageMs = FIRST_GUESS_MS;

  constructor(private readonly threads: number) {}

  /** @param ms how long a job took on its thread */
  record(ms: number): void {
    this.averageMs += NEWEST_WEIGHT * (ms - this.averageMs);
  }

  /** @param jobs those running and waiting already */
  waitMs(jobs: number): number {
    return (Math.max(0, jobs - this.threads + 1) * this.averageMs) / this.threads;
  }

  isFull(jobs: number): boolean {
    return this.waitMs(jobs) > LONGEST_WAIT_MS || jobs - this.threads >= MOST_WAITING;
  }
}
