// @ts-check
// Plain JavaScript, because a worker thread must be able to load this very file: from `dist/` as well as from the
// sources, where the tests run and no compiler stands between.
import { createHmac, pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto';
import { constants, getPriority, setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';

/**
 * @typedef {import('./password-job.js').PasswordJob} PasswordJob
 * @typedef {import('./password-job.js').CheckJob} CheckJob
 * @typedef {import('./password-job.js').PasswordCheck} PasswordCheck
 * @typedef {import('./password-job.js').StoredHash} StoredHash
 * @typedef {import('./werkzeug-hash.js').WerkzeugHash} WerkzeugHash
 */

/**
 * Half of the event loop's share of a busy core: requests go on while passwords are hashed, and neither a flood of reads
 * nor other work on the machine holds logins up for long. bench/RESULTS.md has what other values did.
 */
const NICENESS = 3;

/**
 * Canonical ordering takes time quadratic in the combining marks of one run: 64 KiB of them hold a core for most of
 * a second. A legal password (256 code points) in any of its forms stays below this many UTF-16 units.
 */
const LONGEST_NORMALISED = 4096;

// On Linux a priority belongs to the calling thread; elsewhere it would be the whole process that slows down. Counted from
// what the process was started with: to go above that takes root.
if (!isMainThread && process.platform === 'linux')
  setPriority(Math.min(getPriority() + NICENESS, constants.priority.PRIORITY_LOW));

/**
 * Runs one job to its end on the calling thread.
 * @param {PasswordJob} job
 * @returns {import('./password-job.js').JobReport<string | PasswordCheck>}
 */
export function work(job) {
  const start = performance.now();
  const result = job.kind === 'hash' ? hashSync(normalForm(job.password), job.argon2) : check(job);
  return { result, ms: performance.now() - start };
}

/**
 * Whatever the answer, one argon2 run of today's cost is part of it: neither an unknown user nor an imported or
 * broken hash can be told by a quicker answer.
 * @param {CheckJob} job
 * @returns {PasswordCheck}
 */
function check({ password, stored, argon2, dummy }) {
  const normal = normalForm(password);
  if (stored?.kind === 'argon2id' && stored.current) {
    const verdict = attempt(() => verifySync(stored.phc, normal));
    if (verdict !== undefined) return { matches: verdict };
  } else if (stored && attempt(() => matchesOld(stored, password, normal))) {
    return { matches: true, upgraded: hashSync(normal, argon2) };
  }
  verifySync(dummy, normal);
  return { matches: false };
}

/**
 * @param {StoredHash} stored
 * @param {string} password
 * @param {string} normal
 * @returns {boolean}
 */
function matchesOld(stored, password, normal) {
  if (stored.kind === 'argon2id') return verifySync(stored.phc, normal);
  // Werkzeug knows no normal form: as sent first, then as most keyboards would have sent it.
  return matchesWerkzeug(stored, password) || (normal !== password && matchesWerkzeug(stored, normal));
}

/**
 * @param {WerkzeugHash} stored
 * @param {string} password
 * @returns {boolean}
 */
function matchesWerkzeug(stored, password) {
  const expected = Buffer.from(stored.hex, 'hex');
  const { length } = expected;
  switch (stored.kind) {
    case 'hmac':
      return timingSafeEqual(
        createHmac(stored.digest, stored.salt).update(password, 'utf8').digest(),
        expected,
      );
    case 'pbkdf2':
      return stored.iterations.some((iterations) =>
        timingSafeEqual(pbkdf2Sync(password, stored.salt, iterations, length, stored.digest), expected),
      );
    case 'scrypt': {
      const { n, r, p, salt } = stored;
      // OpenSSL wants room for the blocks of every lane and a little more than RFC 7914 counts.
      const maxmem = 128 * r * (n + p + 32);
      return timingSafeEqual(scryptSync(password, salt, length, { N: n, r, p, maxmem }), expected);
    }
  }
}

/**
 * A hash that passed the parser and is refused by the library all the same is a broken hash: it matches nothing.
 * @template T
 * @param {() => T} run
 * @returns {T | undefined}
 */
function attempt(run) {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** @param {string} password */
function normalForm(password) {
  return password.length <= LONGEST_NORMALISED ? password.normalize('NFC') : password;
}
