/**
 * The password hashes of Werkzeug (`werkzeug.security.generate_password_hash`, 0.9 to 3.1): `METHOD$SALT$HEX`.
 * A method is a digest's name (salted HMAC, until 2.x), `pbkdf2:DIGEST:ITERATIONS` or `scrypt:N:R:P`.
 */
export type WerkzeugHash =
  | { readonly kind: 'hmac'; readonly digest: Digest; readonly salt: string; readonly hex: string }
  | {
      readonly kind: 'pbkdf2';
      readonly digest: Digest;
      /** More than one where the hash does not say: any of them may be meant. */
      readonly iterations: readonly number[];
      readonly salt: string;
      readonly hex: string;
    }
  | {
      readonly kind: 'scrypt';
      readonly n: number;
      readonly r: number;
      readonly p: number;
      readonly salt: string;
      readonly hex: string;
    };

const HEX_DIGITS = { sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 } as const;
export type Digest = keyof typeof HEX_DIGITS;

/** Werkzeug asks scrypt for 64 bytes. */
const SCRYPT_HEX_DIGITS = 128;

/** What Werkzeug 0.9, 0.12, 0.15, 2.0 and 2.3 take for `pbkdf2:DIGEST`, a form they read but do not write. */
const PAST_ITERATIONS = [1000, 50_000, 150_000, 260_000, 600_000];

/** In iterations of SHA-256, about 4.5 million a second on one core; admits Werkzeug 3.1's million of SHA-512. */
const MOST_ITERATIONS = 3_200_000;

/** How many times SHA-256's an iteration costs where the digest works on 64-bit words. */
const WIDE_DIGEST_COST = 3;

/** N·r·p: half a second and 128 MiB at the most; 32768:8:1, Werkzeug's own, is a quarter of it. */
const MOST_SCRYPT_WORK = 2 ** 20;
const MOST_SCRYPT_LANES = 16;

const LONGEST_HASH = 1024;

const PROBLEM = {
  malformed: 'the password hash is malformed',
  unknown: 'the method of the password hash is unknown',
  plain: 'the password is stored in plain text',
  md5: 'the password hash is md5',
  costly: 'the password hash is too costly to check',
} as const;

type Problem = (typeof PROBLEM)[keyof typeof PROBLEM];

/** The parts of a Werkzeug hash that may be run, or in words why it may not. */
export function parseWerkzeugHash(hash: string): WerkzeugHash | { readonly problem: Problem } {
  const parts = hash.length <= LONGEST_HASH ? /^([^$]*)\$([^$]*)\$(.*)$/s.exec(hash) : null;
  if (!parts) return { problem: PROBLEM.malformed };
  const [name = '', ...args] = (parts[1] ?? '').split(':');
  const salt = parts[2] ?? '';
  const hex = (parts[3] ?? '').toLowerCase();
  if (name === 'plain') return { problem: PROBLEM.plain };
  if (name === 'md5' || (name === 'pbkdf2' && args[0] === 'md5')) return { problem: PROBLEM.md5 };
  if (name === 'scrypt') return parseScrypt(args, salt, hex);
  if (name === 'pbkdf2') return parsePbkdf2(args, salt, hex);
  if (!isDigest(name)) return { problem: PROBLEM.unknown };
  if (args.length > 0 || !isSalted(salt, hex, HEX_DIGITS[name])) return { problem: PROBLEM.malformed };
  return { kind: 'hmac', digest: name, salt, hex };
}

/** In words, why a hash cannot be taken over from Werkzeug; undefined when it can. */
export function werkzeugHashProblem(hash: string): string | undefined {
  const parsed = parseWerkzeugHash(hash);
  return 'problem' in parsed ? parsed.problem : undefined;
}

function parsePbkdf2(
  args: readonly string[],
  salt: string,
  hex: string,
): ReturnType<typeof parseWerkzeugHash> {
  const [digest = 'sha256', count] = args;
  if (!isDigest(digest)) return { problem: PROBLEM.unknown };
  const iterations = count === undefined ? PAST_ITERATIONS : [positiveInteger(count)];
  const sum = iterations.reduce((total, each) => total + each, 0);
  const wellFormed = args.length <= 2 && !Number.isNaN(sum) && isSalted(salt, hex, HEX_DIGITS[digest]);
  if (!wellFormed) return { problem: PROBLEM.malformed };
  const weight = digest === 'sha384' || digest === 'sha512' ? WIDE_DIGEST_COST : 1;
  if (sum * weight > MOST_ITERATIONS) return { problem: PROBLEM.costly };
  return { kind: 'pbkdf2', digest, iterations, salt, hex };
}

function parseScrypt(
  args: readonly string[],
  salt: string,
  hex: string,
): ReturnType<typeof parseWerkzeugHash> {
  const given = args.length === 0 ? ['32768', '8', '1'] : args;
  const [n = NaN, r = NaN, p = NaN, ...others] = given.map(positiveInteger);
  const powerOfTwo = n >= 2 && Number.isInteger(Math.log2(n));
  const wellFormed = powerOfTwo && !Number.isNaN(r * p) && others.length === 0;
  if (!wellFormed || !isSalted(salt, hex, SCRYPT_HEX_DIGITS)) return { problem: PROBLEM.malformed };
  if (n * r * p > MOST_SCRYPT_WORK || p > MOST_SCRYPT_LANES) return { problem: PROBLEM.costly };
  return { kind: 'scrypt', n, r, p, salt, hex };
}

function isDigest(name: string): name is Digest {
  return Object.hasOwn(HEX_DIGITS, name);
}

/** Werkzeug also read bare digests without a salt, but never wrote one. */
function isSalted(salt: string, hex: string, digits: number): boolean {
  return salt !== '' && hex.length === digits && /^[0-9a-f]+$/.test(hex);
}

/** NaN for whatever is not a positive integer in decimal digits. */
function positiveInteger(text: string): number {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : NaN;
}
