/** The time, as a thing that can be handed in: tests freeze it. An abstract class so that Nest can inject it. */
export abstract class Clock {
  /** Milliseconds since the Unix epoch. */
  abstract now(): number;
}

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}
