import { checkProductionSecret } from '../../config/jwt-secret-rules.js';
import { SettingsError } from '../../config/settings-error.js';
import type { Settings } from '../../config/settings.js';
import { KeyFileError } from '../../tokens/key-file.js';
import { KeyRing } from '../../tokens/key-ring.js';
import { fail, type Finding, ok, warn } from './finding.js';

const SUBJECT = 'secret and keys';

/**
 * Twice as long as verifiers may keep the JWKS: a key that signs sooner makes tokens that some cannot check yet.
 */
const PUBLISHED_FIRST_MS = 10 * 60_000;

/** @param now milliseconds since the epoch */
export function checkKeys(settings: Settings, now: number): Finding {
  const weak = weakSecret(settings);
  if (weak !== undefined) return warn(SUBJECT, weak);
  if (settings.jwt.algorithm === 'HS256') return ok(SUBJECT, 'HS256, with a secret of good length.');
  let keys: KeyRing;
  try {
    keys = new KeyRing(settings);
  } catch (error) {
    if (error instanceof KeyFileError) return fail(SUBJECT, error.message);
    throw error;
  }
  const { kid, algorithm } = keys.signingKey();
  const published = keys.publicKeys();
  const signing = published.filter((each) => each.kid === kid);
  // The same key under two names was published when the first of them was there.
  const publishedAt = Math.min(...signing.map((each) => each.publishedAt));
  const name = signing.map((each) => each.file).join(', ');
  if (now - publishedAt < PUBLISHED_FIRST_MS) {
    return warn(
      SUBJECT,
      `${name} signs less than 10 minutes after it was first published: verifiers that keep the JWKS may refuse its ` +
        'tokens. Publish a key as NAME.next.pem first, and rename it later.',
    );
  }
  return ok(SUBJECT, `${algorithm}, ${name} signs; ${published.length} published.`);
}

/** In production such a secret stops the start, and the settings have told it. */
function weakSecret({ jwt }: Settings): string | undefined {
  try {
    if (jwt.algorithm === 'HS256' && jwt.secret !== undefined)
      checkProductionSecret('JWT_SECRET', jwt.secret);
    if (jwt.previousSecret !== undefined) checkProductionSecret('JWT_SECRET_PREVIOUS', jwt.previousSecret);
    return undefined;
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}
