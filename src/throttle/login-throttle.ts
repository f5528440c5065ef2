import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { TooManyAttempts } from '../common/failures.js';
import { Settings } from '../config/settings.js';
import { addressKey } from './address-key.js';
import type { Entry } from './gate.js';
import { Gates, type Share } from './gates.js';
import { ThrottleStore } from './throttle-store.js';

/** A password that is about to be checked. */
export interface Attempt {
  /**
   * Any text that stands for the account: the same for every form of its name, and for an unknown name its login key.
   * Of any length; the two kinds are best told apart by a prefix.
   */
  readonly account: string;
  readonly ip: string;
  /** Whether this account has logged in from this address (see `addressKey`) in the last 30 days. */
  readonly knownAddress: boolean;
}

/** Failed password checks per account and address, per address, and per account. */
@Injectable()
export class LoginThrottle {
  private readonly gates: Gates;

  constructor(
    private readonly settings: Settings,
    private readonly store: ThrottleStore,
  ) {
    this.gates = new Gates(store.pollMs);
  }

  /**
   * Runs `check` once the budgets have room for its failure, and counts it by what it resolves to. When `check`
   * rejects, so does this, and nothing is counted.
   * @param check resolves to whether the password was right, and a value to hand on
   * @throws TooManyAttempts when failures have filled a budget; ServiceUnavailable
   */
  async attempt<T>(attempt: Attempt, check: () => Promise<{ passed: boolean; value: T }>): Promise<T> {
    if (!this.settings.throttle) return (await check()).value;
    const shares = this.sharesOf(attempt);
    await this.refuseIfFull(shares);
    const entries: Entry[] = [];
    try {
      for (const share of shares) {
        const entry = await this.gates.enter(share);
        if (entry === 'full') throw await this.refusal(shares);
        entries.push(entry);
      }
      const { passed, value } = await check();
      if (passed) await this.clear(attempt);
      else await Promise.all(shares.map(({ budget, key }) => budget.failures.add(key)));
      return value;
    } finally {
      await Promise.all(entries.map((entry) => entry.leave()));
    }
  }

  /** The narrowest first: whoever waits for one account's budget must not hold places of its whole address. */
  private sharesOf(attempt: Attempt): Share[] {
    const { accountAndAddress, account, address } = this.store;
    const narrowest = { budget: accountAndAddress, key: pairKey(attempt) };
    if (attempt.knownAddress) return [narrowest];
    return [
      narrowest,
      { budget: account, key: accountKey(attempt) },
      { budget: address, key: addressKey(attempt.ip) },
    ];
  }

  /** A throttled request mostly ends here, having only read. */
  private async refuseIfFull(shares: readonly Share[]): Promise<void> {
    const usages = await Promise.all(shares.map(({ budget, key }) => budget.failures.read(key)));
    if (usages.some((usage) => usage.freeInMs > 0)) throw await this.refusal(shares);
  }

  /** Says when all the budgets have room, not only the first that was found full. */
  private async refusal(shares: readonly Share[]): Promise<TooManyAttempts> {
    const usages = await Promise.all(shares.map(({ budget, key }) => budget.failures.read(key)));
    const full = shares.filter((_share, index) => (usages[index]?.freeInMs ?? 0) > 0);
    return new TooManyAttempts(Math.max(...usages.map((usage) => usage.freeInMs)), {
      // Counted once, under the narrowest of the budgets that are full.
      ...(full[0] ? { reason: full[0].budget.name } : {}),
      detail: `failed checks by ${full.map((share) => share.budget.name).join(', ')}`,
    });
  }

  private async clear(attempt: Attempt): Promise<void> {
    await this.store.accountAndAddress.failures.clear(pairKey(attempt));
  }
}

function pairKey(attempt: Attempt): string {
  return `${accountKey(attempt)}@${addressKey(attempt.ip)}`;
}

/** Bounded, whatever was sent as a name, and readable by nobody who sees the table: 128 bits of SHA-256. */
function accountKey({ account }: Attempt): string {
  return createHash('sha256').update(account).digest('base64url').slice(0, 22);
}
