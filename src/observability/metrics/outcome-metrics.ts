import type * as Client from 'prom-client';
import type { FailureReason } from '../../common/domain-error.js';
import { Counter } from './prometheus.js';

/** `checked`: good credentials shown to `HEAD /login`, which opens no session. `gone`: the client, before the answer. */
const LOGINS = ['ok', 'checked', 'failed', 'throttled', 'unavailable', 'invalid', 'gone', 'error'];

/** `reused`: a spent refresh token was shown again, and its session ended. */
const REFRESHES = ['ok', 'failed', 'reused', 'unavailable', 'invalid', 'gone', 'error'];

const BUDGETS = ['account-and-address', 'account', 'address', 'registrations', 'other'];

const SHEDS = [
  'event-loop',
  'memory',
  'password-queue',
  'throttle-queue',
  'throttle-store',
  'database',
  'shutdown',
  'other',
];

/** Logins and refreshes by outcome, throttles by budget, sheds by reason: all as the answers tell them. */
export class OutcomeMetrics {
  private readonly logins: Client.Counter;
  private readonly refreshes: Client.Counter;
  private readonly throttles: Client.Counter;
  private readonly sheds: Client.Counter;

  constructor(registry: Client.Registry) {
    const counter = (
      name: string,
      help: string,
      label: string,
      values: readonly string[],
    ): Client.Counter => {
      const made = new Counter({ name, help, labelNames: [label], registers: [registry] });
      // There from the start: the first of its kind is an increase, not a new series.
      for (const value of values) made.inc({ [label]: value }, 0);
      return made;
    };
    this.logins = counter('student_auth_logins_total', 'Logins by outcome.', 'outcome', LOGINS);
    this.refreshes = counter('student_auth_refreshes_total', 'Refreshes by outcome.', 'outcome', REFRESHES);
    this.throttles = counter(
      'student_auth_throttles_total',
      'Requests answered 429, by the narrowest budget that was full.',
      'budget',
      BUDGETS,
    );
    this.sheds = counter('student_auth_sheds_total', 'Requests answered 503, by reason.', 'reason', SHEDS);
  }

  /** Whether answers of this kind have an outcome: most have none, and are not looked at further. */
  concern(route: string, status: number): boolean {
    return status === 429 || status === 503 || route === '/login' || route === '/token/refresh';
  }

  count(route: string, method: string, status: number, reason: FailureReason | undefined): void {
    if (status === 503) this.sheds.inc({ reason: reason ?? 'other' });
    if (status === 429) this.throttles.inc({ budget: reason ?? 'other' });
    if (route === '/login')
      this.logins.inc({ outcome: method === 'HEAD' && status === 200 ? 'checked' : outcomeOf(status) });
    if (route === '/token/refresh')
      this.refreshes.inc({ outcome: reason === 'reused' ? 'reused' : outcomeOf(status) });
  }
}

function outcomeOf(status: number): string {
  if (status === 200) return 'ok';
  if (status === 401) return 'failed';
  if (status === 429) return 'throttled';
  if (status === 499) return 'gone';
  if (status === 503) return 'unavailable';
  return status < 500 ? 'invalid' : 'error';
}
