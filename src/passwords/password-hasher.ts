import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InvalidRequest, type ServiceUnavailable } from '../common/failures.js';
import { Settings } from '../config/settings.js';
import type { PasswordCheck } from './password-job.js';
import { PasswordThreads, type JobListener } from './password-threads.js';
import { ARGON2_OPTIONS, parseStoredHash } from './stored-hash.js';

export type { PasswordCheck } from './password-job.js';
export type { DoneJob } from './password-threads.js';

/** Made from 32 random bytes that nobody kept, with `ARGON2_OPTIONS`. */
const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$ZeCtDei4IH2U8sPwW0cj7w$KPumYvp8WOa0yQ9HZ3ssC+wYbKd2fFZrftBjr6CiUyE';

/**
 * Hashes and verifies passwords with argon2id, on threads of its own: neither the event loop nor libuv's pool, which
 * files and DNS share, is held up. Both methods reject with `ServiceUnavailable` when the queue is too long.
 */
@Injectable()
export class PasswordHasher implements OnApplicationShutdown {
  private readonly threads: PasswordThreads;

  constructor(settings: Settings) {
    this.threads = new PasswordThreads(settings.hashConcurrency);
  }

  /** Jobs that wait for a thread. */
  get queueLength(): number {
    return this.threads.queueLength;
  }

  /** Jobs that a thread works at. */
  get running(): number {
    return this.threads.running;
  }

  /** @param listener told after each job how long it waited and ran */
  onJob(listener: JobListener): void {
    this.threads.onJob(listener);
  }

  /** What both methods would reject with at once, if they would: for whoever can turn a request away sooner. */
  refusal(): ServiceUnavailable | undefined {
    return this.threads.refusal();
  }

  /** The PHC string of a password, whose NFC form is what is hashed. */
  async hash(password: string): Promise<string> {
    if (!isWellFormed(password)) throw new InvalidRequest('password must be valid Unicode');
    return this.threads.run({ kind: 'hash', password, argon2: ARGON2_OPTIONS });
  }

  /**
   * Whether a password made a stored hash: argon2id, or one of Werkzeug's. An unknown user (undefined) and a hash that
   * is broken, unknown or too costly match nothing and cost as much as a check does. A match with a hash that is not
   * of today's parameters brings `upgraded`, to be stored if the old one is still there.
   */
  async verify(password: string, storedHash: string | undefined): Promise<PasswordCheck> {
    const parsed = storedHash === undefined ? undefined : parseStoredHash(storedHash);
    // Encoded as UTF-8, every unpaired surrogate is the same replacement character: they must not match each other.
    const usable = parsed && !('problem' in parsed) && isWellFormed(password);
    const stored = usable ? parsed : undefined;
    return this.threads.run({ kind: 'check', password, stored, argon2: ARGON2_OPTIONS, dummy: DUMMY_HASH });
  }

  /** After the last answer was sent, so that requests under way can still finish. */
  async onApplicationShutdown(): Promise<void> {
    await this.threads.close();
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
