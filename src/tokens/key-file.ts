import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JwtAlgorithm } from '../config/settings.js';

const MIN_RSA_BITS = 2048;

/** A key pair of `JWT_KEYS_DIR`. */
export interface KeyFile {
  readonly file: string;
  /** RFC 7638 thumbprint of the public key: SHA-256, base64url. */
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JsonWebKey;
  /** `*.next.pem`: published and verifying, not signing yet. */
  readonly waiting: boolean;
  /** When the file was first there, as far as the file system knows: milliseconds since the epoch. */
  readonly publishedAt: number;
}

/** What is wrong with the key folder, in one line that names a file and shows nothing of it. */
export class KeyFileError extends Error {}

/**
 * Every PEM private key of the folder, by name.
 * @throws KeyFileError for a file that is not a usable private key of the algorithm, or an unreadable folder
 */
export function readKeyFiles(folder: string, algorithm: 'ES256' | 'RS256'): KeyFile[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new KeyFileError('JWT_KEYS_DIR cannot be read.', { cause: error });
  }
  const pems = names.filter((name) => name.endsWith('.pem')).sort();
  return pems.map((name) => readKeyFile(folder, name, algorithm));
}

function readKeyFile(folder: string, name: string, algorithm: 'ES256' | 'RS256'): KeyFile {
  const path = join(folder, name);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(readFileSync(path));
  } catch (error) {
    throw new KeyFileError(`JWT_KEYS_DIR holds ${name}, which is not a PEM private key.`, { cause: error });
  }
  if (!fits(privateKey, algorithm)) {
    const wanted = algorithm === 'ES256' ? 'a P-256 key' : `an RSA key of ${MIN_RSA_BITS} bits or more`;
    throw new KeyFileError(`JWT_KEYS_DIR holds ${name}, which is not ${wanted} as ${algorithm} needs.`);
  }
  const publicKey = createPublicKey(privateKey);
  const jwk = publicKey.export({ format: 'jwk' });
  const { birthtimeMs, ctimeMs } = statSync(path);
  return {
    file: name,
    kid: thumbprint(jwk),
    algorithm,
    privateKey,
    publicKey,
    jwk,
    waiting: name.endsWith('.next.pem'),
    publishedAt: birthtimeMs || ctimeMs,
  };
}

function fits(key: KeyObject, algorithm: 'ES256' | 'RS256'): boolean {
  const details = key.asymmetricKeyDetails;
  return algorithm === 'ES256'
    ? key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1'
    : key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS;
}

/** RFC 7638, section 3: the required members alone, in alphabetical order, hashed. */
function thumbprint(jwk: JsonWebKey): string {
  const required =
    jwk.kty === 'EC'
      ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
      : { e: jwk.e, kty: jwk.kty, n: jwk.n };
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url');
}
