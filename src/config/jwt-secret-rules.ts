import { SettingsError } from './settings-error.js';

const MIN_SECRET_BYTES = 32;
const MIN_DISTINCT_CHARACTERS = 8;

/** Words that documentation, tutorials and sample files put where a secret belongs, alone or strung together. */
const WELL_KNOWN_WORDS =
  /^(?:this|is|a|the|my|your|our|some|very|super|top|really|long|string|strong|random|secure|safe|not|so|please|change|changeit|changeme|changethis|replace|replaceme|me|it|in|for|with|at|least|production|prod|dev|development|test|testing|example|sample|default|demo|secret|secrets|secretkey|key|keys|jwt|token|auth|access|password|passwd|pass|private|signing|shared|session|app|api|student|flask|nest|nestjs|bit|bits|byte|bytes|char|chars|characters|qwerty|admin|root|user|hello|world|abc|xyz|\d{1,4}|0123456789|1234567890|abcdef|abcdefghijklmnopqrstuvwxyz|deadbeef)+$/;

/**
 * Refuses an HS256 secret that a stranger could guess. RFC 7518, section 3.2, asks for as many bits as the hash has.
 * @throws SettingsError naming the variable, never the value
 */
export function checkProductionSecret(variable: string, secret: string): void {
  if (isWellKnown(secret)) {
    throw new SettingsError(
      variable,
      'is a well-known or guessable secret: make one with `openssl rand -base64 48`.',
    );
  }
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    throw new SettingsError(
      variable,
      `must be at least ${MIN_SECRET_BYTES} bytes: make one with \`openssl rand -base64 48\`.`,
    );
  }
}

function isWellKnown(secret: string): boolean {
  const letters = secret.toLowerCase().replace(/[^a-z0-9]/g, '');
  return (
    WELL_KNOWN_WORDS.test(letters) || new Set(secret).size < MIN_DISTINCT_CHARACTERS || isRepetition(secret)
  );
}

/** `abcabcabc…`: a short piece over and over. */
function isRepetition(secret: string): boolean {
  const at = (secret + secret).indexOf(secret, 1);
  return at < secret.length && at <= MIN_SECRET_BYTES / 2;
}
