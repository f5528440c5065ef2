import type { Argon2Hash, Argon2Options, StoredHash } from './password-job.js';
import { parseWerkzeugHash } from './werkzeug-hash.js';

/** OWASP's first choice for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
export const ARGON2_OPTIONS: Argon2Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Lengths of today's 16-byte salt and 32-byte output in base64 without padding. */
const SALT_CHARS = 22;
const OUTPUT_CHARS = 43;

/** 128 MiB for one check; with `MOST_WORK` (KiB × passes) under a second of one core. */
const MOST_MEMORY = 131_072;
const MOST_WORK = 2 ** 20;
const MOST_LANES = 16;

const PHC =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,86})$/;

/** What to run for a stored hash, or in words why it is not run. */
export function parseStoredHash(hash: string): StoredHash | { readonly problem: string } {
  return hash.startsWith('$argon2') ? parseArgon2Hash(hash) : parseWerkzeugHash(hash);
}

/** In words, why no password will ever match a hash; undefined when one can. For importers of any origin. */
export function storedHashProblem(hash: string): string | undefined {
  const parsed = parseStoredHash(hash);
  return 'problem' in parsed ? parsed.problem : undefined;
}

/** PHC string format; RFC 9106, section 3.1 has the bounds (at least 8 KiB a lane). */
function parseArgon2Hash(phc: string): Argon2Hash | { readonly problem: string } {
  const [, m, t, p, salt, output] = PHC.exec(phc) ?? [];
  if (salt === undefined || output === undefined) return { problem: 'the password hash is malformed' };
  const [memory, passes, lanes] = [Number(m), Number(t), Number(p)];
  if (memory < 8 * lanes) return { problem: 'the password hash is malformed' };
  if (memory > MOST_MEMORY || memory * passes > MOST_WORK || lanes > MOST_LANES) {
    return { problem: 'the password hash is too costly to check' };
  }
  const { memoryCost, timeCost, parallelism } = ARGON2_OPTIONS;
  const sameCost = memory === memoryCost && passes === timeCost && lanes === parallelism;
  const current = sameCost && salt.length === SALT_CHARS && output.length === OUTPUT_CHARS;
  return { kind: 'argon2id', phc, current };
}
