import { Injectable } from '@nestjs/common';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyAttempts } from '../common/failures.js';
import { Settings } from '../config/settings.js';
import { addressKey } from './address-key.js';
import { answered } from './answered.js';
import { ThrottleStore } from './throttle-store.js';

/** How many registrations an address may bring to the password hash. */
@Injectable()
export class RegistrationThrottle {
  constructor(
    private readonly settings: Settings,
    private readonly store: ThrottleStore,
  ) {}

  /**
   * Counts a registration that is about to be hashed.
   * @throws TooManyAttempts, ServiceUnavailable
   */
  async admit(ip: string): Promise<void> {
    if (!this.settings.throttle) return;
    try {
      await answered(this.store.registrations.consume(addressKey(ip)));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new TooManyAttempts(error.msBeforeNext, {
        reason: 'registrations',
        detail: 'registrations from one address',
      });
    }
  }
}
