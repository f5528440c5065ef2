import type { DomainError } from '../../src/common/domain-error.js';
import type { Attempt, LoginThrottle } from '../../src/throttle/login-throttle.js';

/** The outcome of an attempt, in one word and, when refused, with the seconds of `Retry-After`. */
export type Outcome = 'right' | 'wrong' | `429 ${string}` | `503 ${string}`;

/** Password checks without passwords: each ends when and as the test says. */
export class LoginAttempts {
  /** The accounts whose password was checked, in order. */
  readonly checked: string[] = [];
  underWay = 0;
  mostUnderWay = 0;

  constructor(
    private readonly throttle: LoginThrottle,
    private readonly given: Partial<Attempt> = {},
  ) {}

  /** @param duration resolves when the check is to end; by default after a turn of the event loop */
  async one(
    passed: boolean,
    attempt: Partial<Attempt> = {},
    duration: () => Promise<void> = () => new Promise((resolve) => setImmediate(resolve)),
  ): Promise<Outcome> {
    const whole = { account: 'id:1', ip: '203.0.113.7', knownAddress: false, ...this.given, ...attempt };
    try {
      return await this.throttle.attempt<Outcome>(whole, async () => {
        this.checked.push(whole.account);
        this.underWay += 1;
        this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
        await duration();
        this.underWay -= 1;
        return { passed, value: passed ? 'right' : 'wrong' };
      });
    } catch (error) {
      return refused(error);
    }
  }

  /** @returns how often each outcome came, all begun at once */
  async atOnce(times: number, passed: boolean, attempt: Partial<Attempt> = {}): Promise<Outcome[]> {
    return await Promise.all(Array.from({ length: times }, () => this.one(passed, attempt)));
  }
}

export function tally(outcomes: readonly Outcome[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function refused(error: unknown): Outcome {
  const { kind, headers } = error as DomainError;
  const seconds = headers?.['retry-after'];
  if (kind === 'throttled') return `429 ${String(seconds)}`;
  if (kind === 'unavailable') return `503 ${String(seconds)}`;
  throw error;
}
