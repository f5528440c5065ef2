import type { FastifyBaseLogger } from 'fastify';

/** What passes between two requests that are turned away for the log to speak of a new overload. */
const CALM_MS = 60_000;

/** Writes one line for all that is turned away in a row: a line for each would be more load. */
export class OverloadLine {
  private lastAt = -Infinity;

  /** @param message what is happening, of which the first request's `facts` tell more */
  constructor(
    private readonly log: FastifyBaseLogger,
    private readonly message: string,
  ) {}

  turnedAway(facts: Readonly<Record<string, unknown>>): void {
    const now = performance.now();
    if (now - this.lastAt > CALM_MS) this.log.warn(facts, this.message);
    this.lastAt = now;
  }
}
