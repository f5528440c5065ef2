import { Logger } from '@nestjs/common';
import { Piscina } from 'piscina';
import { ServiceUnavailable } from '../common/failures.js';
import type { CheckJob, HashJob, JobReport, PasswordCheck, PasswordJob } from './password-job.js';
import { LONGEST_WAIT_MS, QueueEstimate } from './queue-estimate.js';
import { Turns } from './turns.js';

/** A thread that had nothing to do for this long goes; the next login pays some 50 ms for a new one. */
const IDLE_MS = 60_000;

/** A job that is done: how long it waited for a thread and then ran there, in milliseconds. */
export interface DoneJob {
  readonly kind: PasswordJob['kind'];
  readonly waitedMs: number;
  readonly ranMs: number;
}

/** Told after each job, in the asynchronous context of whoever asked for it. */
export type JobListener = (job: DoneJob) => void;

/** The one that a thread works at and the next, which it then begins without waiting for a busy event loop to hand it over. */
export const JOBS_A_THREAD = 2;

/**
 * Whoever was queued in good faith, and waits half as long again as was meant to be the most, is turned away: jobs took
 * longer than those before them, as when a flood begins and the cores are shared with it.
 */
const OVERDUE_AFTER_MS = 1.5 * LONGEST_WAIT_MS;

/**
 * Worker threads for password hashing and the bounded queue before them. Threads start when they are first needed
 * and do not keep the process alive; memory is bounded by their number, since each runs one job at a time.
 */
export class PasswordThreads {
  private readonly log = new Logger(PasswordThreads.name);
  private readonly estimate: QueueEstimate;
  private readonly turns: Turns;
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly jobListeners: JobListener[] = [];
  private pool: Piscina | undefined;
  private closed = false;

  constructor(private readonly threads: number) {
    this.estimate = new QueueEstimate(threads);
    this.turns = new Turns(threads * JOBS_A_THREAD, OVERDUE_AFTER_MS);
  }

  /** Jobs that wait for a thread. */
  get queueLength(): number {
    return this.turns.waiting + this.turns.running - this.running;
  }

  /** Jobs that a thread works at. */
  get running(): number {
    return Math.min(this.turns.running, this.threads);
  }

  onJob(listener: JobListener): void {
    this.jobListeners.push(listener);
  }

  /** Why a job that came now would be refused, if it would: shutdown, or too long a wait. */
  refusal(): ServiceUnavailable | undefined {
    if (this.closed)
      return new ServiceUnavailable({ reason: 'shutdown', detail: 'password threads are closed' });
    const jobs = this.underWay.size;
    if (!this.estimate.isFull(jobs)) return undefined;
    return new ServiceUnavailable({
      reason: 'password-queue',
      detail: `${this.queueLength} password jobs are waiting`,
      retryAfterMs: this.estimate.waitMs(jobs),
    });
  }

  /** @throws ServiceUnavailable at once where there is a `refusal`; later, when the wait was too long */
  run(job: HashJob): Promise<string>;
  run(job: CheckJob): Promise<PasswordCheck>;
  async run(job: PasswordJob): Promise<string | PasswordCheck> {
    const refusal = this.refusal();
    if (refusal) throw refusal;
    const start = performance.now();
    const running = this.turns.run(() => this.runOnThread(job));
    this.underWay.add(running);
    try {
      const { result, ms } = await running;
      this.estimate.record(ms);
      const waitedMs = Math.max(0, performance.now() - start - ms);
      for (const listener of this.jobListeners) listener({ kind: job.kind, waitedMs, ranMs: ms });
      return result;
    } finally {
      this.underWay.delete(running);
    }
  }

  /** Takes no more jobs, finishes those under way, then ends the threads. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.underWay);
    await this.pool?.destroy();
  }

  private async runOnThread(job: PasswordJob): Promise<JobReport<string | PasswordCheck>> {
    this.pool ??= this.openPool();
    return (await this.pool.run(job)) as JobReport<string | PasswordCheck>;
  }

  private openPool(): Piscina {
    const pool = new Piscina({
      filename: new URL('./password-worker.js', import.meta.url).href,
      name: 'work',
      minThreads: 0,
      maxThreads: this.threads,
      concurrentTasksPerWorker: JOBS_A_THREAD,
      // A free thread first, a second job for a busy one only when there are no more threads to come.
      loadBalancer: (_task, workers) => {
        const most = workers.length < this.threads ? 1 : JOBS_A_THREAD;
        const free = workers.find(({ currentUsage }) => currentUsage === 0);
        return free ?? workers.find(({ currentUsage }) => currentUsage < most) ?? null;
      },
      idleTimeout: IDLE_MS,
      recordTiming: false,
      // A job's memory is argon2's own, outside of the heap: a small one keeps an idle thread small.
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
      // The main thread's flags (inspectors, loaders, instrumentation) have no business in these threads.
      execArgv: [],
    });
    // Only for a thread that fails with no job in hand; a job that fails rejects its own promise.
    pool.on('error', (error: Error) => this.log.error('A password thread failed', error.stack));
    return pool;
  }
}
