import { RateLimiterMemory } from 'rate-limiter-flexible';

/**
 * The library's memory limiter, which sets no bound to its records, with one: beyond it the record that was counted
 * longest ago is forgotten. Each failed check costs a password hash, so that pushing a record out by new names takes
 * about as long as waiting for its window to end.
 */
export class BoundedMemoryLimiter extends RateLimiterMemory {
  /** Every key that may have a record, the one counted longest ago first. */
  private readonly keys = new Set<string | number>();

  constructor(
    options: ConstructorParameters<typeof RateLimiterMemory>[0],
    private readonly mostKeys = 100_000,
  ) {
    super(options);
  }

  override consume(
    ...args: Parameters<RateLimiterMemory['consume']>
  ): ReturnType<RateLimiterMemory['consume']> {
    this.makeRoom(args[0]);
    return super.consume(...args);
  }

  override penalty(
    ...args: Parameters<RateLimiterMemory['penalty']>
  ): ReturnType<RateLimiterMemory['penalty']> {
    this.makeRoom(args[0]);
    return super.penalty(...args);
  }

  override set(...args: Parameters<RateLimiterMemory['set']>): ReturnType<RateLimiterMemory['set']> {
    this.makeRoom(args[0]);
    return super.set(...args);
  }

  private makeRoom(key: string | number): void {
    this.keys.delete(key);
    this.keys.add(key);
    if (this.keys.size <= this.mostKeys) return;
    const [oldest] = this.keys;
    if (oldest === undefined) return;
    this.keys.delete(oldest);
    void super.delete(oldest);
  }
}
