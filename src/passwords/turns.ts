import { ServiceUnavailable } from '../common/failures.js';

interface Waiter {
  readonly until: number;
  readonly go: () => void;
  readonly giveUp: (reason: ServiceUnavailable) => void;
}

/** A number of places, and a queue before them in order of arrival, in which nobody waits longer than a bound. */
export class Turns {
  private readonly queue: Waiter[] = [];
  private taken = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param longestWaitMs how long one waits for a place before being turned away */
  constructor(
    private readonly places: number,
    private readonly longestWaitMs: number,
  ) {}

  get waiting(): number {
    return this.queue.length;
  }

  get running(): number {
    return this.taken;
  }

  /**
   * Waits for a place, runs `work` in it, and hands it on.
   * @throws ServiceUnavailable when the wait was too long; `work` has not begun then
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.place();
    try {
      return await work();
    } finally {
      this.handOn();
    }
  }

  private async place(): Promise<void> {
    if (this.taken < this.places) {
      this.taken += 1;
      return;
    }
    await new Promise<void>((go, giveUp) => {
      this.queue.push({ until: performance.now() + this.longestWaitMs, go, giveUp });
      this.watchFirst();
    });
  }

  private handOn(): void {
    const next = this.queue.shift();
    if (next) next.go();
    else this.taken -= 1;
  }

  /** Whoever came first has waited longest: one timer is enough. */
  private watchFirst(): void {
    const [first] = this.queue;
    if (this.timer !== undefined || first === undefined) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        this.dismissOverdue();
        this.watchFirst();
      },
      Math.max(1, first.until - performance.now()),
    ).unref();
  }

  private dismissOverdue(): void {
    const now = performance.now();
    while (this.queue[0] !== undefined && this.queue[0].until <= now) {
      this.queue.shift()?.giveUp(
        new ServiceUnavailable({
          reason: 'password-queue',
          detail: `no thread was free for ${this.longestWaitMs} ms`,
          retryAfterMs: this.longestWaitMs,
        }),
      );
    }
  }
}
