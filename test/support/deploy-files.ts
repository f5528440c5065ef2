import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, load, loadAll, mergeTag } from 'js-yaml';
import { parseSettings } from '../../src/config/parse-settings.js';
import type { Settings } from '../../src/config/settings.js';
import { ROOT } from './server-process.js';
import { TEST_SECRET } from './test-settings.js';

/** In which the server ends after SIGTERM: proved in test/whole/shutdown.spec.ts. */
export const SHUTDOWN_S = 10;

export type Variables = Readonly<Record<string, string>>;

export function deployFile(path: string): string {
  return readFileSync(join(ROOT, 'deploy', path), 'utf8');
}

/** Compose files have merge keys (`<<`), which YAML 1.2 itself does not know. */
export function yamlOf(path: string): unknown {
  return load(deployFile(path), { schema: CORE_SCHEMA.withTags(mergeTag) });
}

export function yamlDocumentsOf(path: string): unknown[] {
  return loadAll(deployFile(path));
}

/** The lines of an environment file, as systemd and compose read them where nothing is quoted. */
export function environmentFile(path: string): Variables {
  const lines = deployFile(path).split('\n');
  return Object.fromEntries(
    lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split(/=(.*)/s).slice(0, 2)),
  ) as Variables;
}

/** Every variable that the settings have. */
export function knownVariables(): Set<string> {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string>>(
    {},
    { get: (_target, variable) => void asked.add(String(variable)) },
  );
  parseSettings(environment, ROOT);
  return asked;
}

/**
 * The settings that a server started by a file of `deploy/` has, with secrets where the file leaves them open.
 * @throws SettingsError for a value that would stop the start
 */
export function settingsOf(variables: Variables): Settings {
  return parseSettings({ ...variables, JWT_SECRET: TEST_SECRET }, '/app');
}

/** `${NAME:-default}` and `${NAME:?}` as compose fills them in. */
export function interpolated(text: string, given: Variables): string {
  return text.replace(
    /\$\{(\w+):([-?])([^}]*)\}/g,
    (_whole, name: string, sign: string, fallback: string) => {
      const value = given[name] || (sign === '-' ? fallback : undefined);
      if (value === undefined) throw new Error(`${name} is needed`);
      return value;
    },
  );
}
