import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { developmentSecret } from './development-secret.js';
import type { Environment } from './environment-reader.js';
import { parseSettings } from './parse-settings.js';
import { findProjectRoot } from './project-root.js';
import type { Settings } from './settings.js';

/**
 * The settings of this process, from its environment and, outside production, from `.env`. The one reader of
 * `process.env`.
 * @throws SettingsError for a bad variable
 */
export function loadSettings(): Settings {
  const root = findProjectRoot();
  const production = process.env['NODE_ENV'] === 'production';
  const environment: Environment = production
    ? process.env
    : { ...readDotEnv(join(root, '.env')), ...process.env };
  const settings = parseSettings(environment, root);
  if (settings.jwt.algorithm !== 'HS256' || settings.jwt.secret !== undefined) return settings;
  const secret = developmentSecret(join(root, 'data', 'jwt-secret'));
  return Object.freeze({ ...settings, jwt: Object.freeze({ ...settings.jwt, secret }) });
}

function readDotEnv(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
