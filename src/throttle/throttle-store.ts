import type { RateLimiterAbstract } from 'rate-limiter-flexible';

/** What settled failures have taken from one budget of one key. */
export interface Usage {
  /** Of the budget's limit; a bucket that refills gives fractions. */
  readonly used: number;
  /** Milliseconds until one more failure fits; 0 when it does already. */
  readonly freeInMs: number;
}

export interface Failures {
  read(key: string): Promise<Usage>;
  add(key: string): Promise<void>;
}

export interface ClearableFailures extends Failures {
  clear(key: string): Promise<void>;
}

/** A place reserved by an attempt under way. */
export interface Hold {
  /** Attempts that held a place just after this one took its own, itself among them. */
  readonly held: number;
  release(): Promise<void>;
}

export interface Holds {
  take(key: string): Promise<Hold>;
}

export interface Budget<F extends Failures = Failures> {
  readonly name: 'account-and-address' | 'account' | 'address';
  readonly limit: number;
  readonly failures: F;
  readonly holds: Holds;
}

/**
 * Where budgets are kept: in this process, or shared by all instances on one Postgres.
 *
 * Attempts at once cannot race past a limit as long as both ends keep their order: a hold is taken BEFORE the failures
 * are read, and a failure is added BEFORE its hold is released. Then every attempt is seen by every later one, as a
 * hold or as a failure; for a moment perhaps as both, which errs on the strict side.
 *
 * Windows run by `Date.now()`, because the library's do. A test moves them by faking that
 * (`jest.spyOn(Date, 'now')`), which moves `SystemClock` along.
 */
export abstract class ThrottleStore {
  abstract readonly accountAndAddress: Budget<ClearableFailures>;
  abstract readonly account: Budget;
  abstract readonly address: Budget;
  abstract readonly registrations: RateLimiterAbstract;
  /** How often a waiting request looks again where other processes settle too; undefined where none do. */
  abstract readonly pollMs: number | undefined;
}
