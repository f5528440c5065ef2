import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface MadeKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A P-256 key pair, or an RSA one of 2048 bits. */
export function makeKey(algorithm: 'ES256' | 'RS256'): MadeKey {
  return algorithm === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

export function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }) as string;
}

/** A folder as `JWT_KEYS_DIR` names it, with keys that a test adds, renames and removes. */
export class KeyFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'student-auth-keys-'));

  constructor(private readonly algorithm: 'ES256' | 'RS256' = 'ES256') {}

  /** Puts a new key of the folder's algorithm there. */
  add(name: string): MadeKey {
    const key = makeKey(this.algorithm);
    this.write(name, pemOf(key.privateKey));
    return key;
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text, { mode: 0o600 });
  }

  rename(from: string, to: string): void {
    renameSync(join(this.path, from), join(this.path, to));
  }

  remove(name: string): void {
    rmSync(join(this.path, name));
  }

  /** Removes the folder, with all that is in it. */
  drop(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
