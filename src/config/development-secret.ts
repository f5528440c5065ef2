import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SettingsError } from './settings-error.js';

/**
 * The signing secret of a development server: made once, then read again, so that tokens outlive a restart.
 * A complete file is linked into place, so two processes that start at once agree on one secret.
 * @param file where it is kept, mode 0600
 * @throws SettingsError where it can be neither read nor kept
 */
export function developmentSecret(file: string): string {
  try {
    return readSecret(file) ?? makeSecret(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new SettingsError('JWT_SECRET', `is not set, and the one in ${file} cannot be used (${code}).`);
  }
}

function makeSecret(file: string): string {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `.jwt-secret-${process.pid}-${randomBytes(6).toString('hex')}`);
  writeFileSync(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  const secret = readSecret(file);
  if (secret === undefined) {
    throw new SettingsError('JWT_SECRET', `is not set, and the one in ${file} is empty: delete the file.`);
  }
  return secret;
}

function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
