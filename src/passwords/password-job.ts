import type { WerkzeugHash } from './werkzeug-hash.js';

/** What an argon2id hash is made with (RFC 9106, section 3.1); memory in KiB. */
export interface Argon2Options {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** A PHC string of argon2id; `current` when it was made with the parameters of today. */
export interface Argon2Hash {
  readonly kind: 'argon2id';
  readonly phc: string;
  readonly current: boolean;
}

/** A stored hash that is known, well-formed and cheap enough to be run. */
export type StoredHash = Argon2Hash | WerkzeugHash;

/** `upgraded`: the argon2id hash to store in place of the old one; only on a match with an old hash. */
export interface PasswordCheck {
  readonly matches: boolean;
  readonly upgraded?: string;
}

export interface HashJob {
  readonly kind: 'hash';
  readonly password: string;
  readonly argon2: Argon2Options;
}

export interface CheckJob {
  readonly kind: 'check';
  readonly password: string;
  /** Undefined when there is nothing to check against: then the dummy is checked. */
  readonly stored: StoredHash | undefined;
  readonly argon2: Argon2Options;
  /** An argon2id hash with the parameters of today, which nobody's password made. */
  readonly dummy: string;
}

/** Sent to a thread: everything it needs, so that the thread holds no settings of its own. */
export type PasswordJob = HashJob | CheckJob;

/** Sent back by a thread; `ms` is how long the job ran there. */
export interface JobReport<Result> {
  readonly result: Result;
  readonly ms: number;
}
