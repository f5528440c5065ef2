import { availableParallelism } from 'node:os';
import { isIP } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { EnvironmentReader, type Environment } from './environment-reader.js';
import { checkProductionSecret } from './jwt-secret-rules.js';
import { parseTrustProxy } from './trust-proxy.js';
import { SettingsError } from './settings-error.js';
import type { DatabaseSettings, JwtSettings, Settings } from './settings.js';

/** What a person who sets nothing gets, as the contract's table of settings has it. */
const DEFAULT_DATABASE_URL = 'sqlite:data/students.db';

/**
 * Checks every variable and gives the frozen settings.
 * @param root the folder that relative paths count from
 * @throws SettingsError for the first bad variable
 */
export function parseSettings(environment: Environment, root: string): Settings {
  const env = new EnvironmentReader(environment);
  const production = env.text('NODE_ENV') === 'production';
  const settings: Settings = {
    production,
    host: parseHost(env, production),
    port: env.wholeNumber('PORT', { min: 0, max: 65_535, fallback: 5000 }),
    database: parseDatabaseUrl(env.text('DATABASE_URL') ?? DEFAULT_DATABASE_URL, root),
    jwt: parseJwt(env, production, root),
    accessTokenTtl: env.duration('ACCESS_TOKEN_TTL', { min: '1s', max: '24h', fallback: '30m' }),
    refreshTokenTtl: env.duration('REFRESH_TOKEN_TTL', { min: '1s', fallback: '30d' }),
    sessionMaxAge: env.duration('SESSION_MAX_AGE', { min: '1s', fallback: '90d' }),
    refreshReuseGrace: env.duration('REFRESH_REUSE_GRACE', { min: '0s', fallback: '10s' }),
    passwordMinLength: env.wholeNumber('PASSWORD_MIN_LENGTH', { min: 1, max: 256, fallback: 8 }),
    hashConcurrency: env.wholeNumber('HASH_CONCURRENCY', {
      min: 1,
      max: 256,
      fallback: availableParallelism(),
    }),
    throttle: env.oneOf('THROTTLE', ['on', 'off'], 'on') === 'on',
    registration: env.oneOf('REGISTRATION', ['open', 'admins'], 'open'),
    roster: env.oneOf('ROSTER', ['students', 'admins'], 'students'),
    trustProxy: parseTrustProxy(env.text('TRUST_PROXY')),
    corsOrigins: parseCorsOrigins(env.text('CORS_ORIGINS')),
    metricsToken: env.text('METRICS_TOKEN'),
    logLevel: env.oneOf('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
    auditRetention: env.duration('AUDIT_RETENTION', { min: '1s', fallback: '400d' }),
    otlpEndpoint: parseOtlpEndpoint(env.text('OTEL_EXPORTER_OTLP_ENDPOINT')),
  };
  return Object.freeze(settings);
}

function parseHost(env: EnvironmentReader, production: boolean): string {
  const host = env.text('HOST') ?? '127.0.0.1';
  const loopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  if (!loopback && !production) {
    throw new SettingsError('HOST', 'must be a loopback address (127.0.0.1) unless NODE_ENV=production.');
  }
  if (isIP(host) === 0 && !/^[A-Za-z0-9.-]{1,253}$/.test(host)) {
    throw new SettingsError('HOST', 'must be an IP address or a host name.');
  }
  return host;
}

/** `sqlite:PATH` or `postgres://…`. Exported for the command line, whose import reads a second database. */
export function parseDatabaseUrl(url: string, root: string): DatabaseSettings {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    if (path === '' || path.includes('\0') || path.startsWith('//') || path.startsWith(':memory:')) {
      throw new SettingsError(
        'DATABASE_URL',
        'must name a file after sqlite: (absolute, or from the project root).',
      );
    }
    return Object.freeze({ kind: 'sqlite', file: isAbsolute(path) ? path : join(root, path) });
  }
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return Object.freeze({ kind: 'postgres', url });
  throw new SettingsError(
    'DATABASE_URL',
    'must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
  );
}

function parseJwt(env: EnvironmentReader, production: boolean, root: string): JwtSettings {
  const algorithm = env.oneOf('JWT_ALGORITHM', ['HS256', 'ES256', 'RS256'], 'HS256');
  const secret = env.text('JWT_SECRET');
  const previousSecret = env.text('JWT_SECRET_PREVIOUS');
  const keysDir = env.text('JWT_KEYS_DIR');
  if (production) {
    if (algorithm === 'HS256' && secret === undefined) {
      throw new SettingsError(
        'JWT_SECRET',
        'is required in production: make one with `openssl rand -base64 48`.',
      );
    }
    if (secret !== undefined) checkProductionSecret('JWT_SECRET', secret);
    if (previousSecret !== undefined) checkProductionSecret('JWT_SECRET_PREVIOUS', previousSecret);
  }
  if (algorithm !== 'HS256' && keysDir === undefined) {
    throw new SettingsError(
      'JWT_KEYS_DIR',
      `is required when JWT_ALGORITHM is ${algorithm}: a folder of PEM private keys.`,
    );
  }
  return Object.freeze({
    algorithm,
    secret,
    previousSecret,
    keysDir:
      algorithm === 'HS256' || keysDir === undefined
        ? undefined
        : isAbsolute(keysDir)
          ? keysDir
          : join(root, keysDir),
    issuer: env.text('JWT_ISSUER') ?? 'student-auth',
    audience: env.text('JWT_AUDIENCE') ?? 'student-auth',
  });
}

function parseCorsOrigins(text: string | undefined): readonly string[] {
  const origins = (text ?? '').split(',').map((each) => each.trim());
  const given = origins.filter((each) => each !== '');
  for (const origin of given) {
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.origin !== origin) {
      throw new SettingsError(
        'CORS_ORIGINS',
        'must be exact origins such as https://app.example.org, comma-separated; * and null are refused.',
      );
    }
  }
  return Object.freeze(given);
}

function parseOtlpEndpoint(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new SettingsError('OTEL_EXPORTER_OTLP_ENDPOINT', 'must be an http:// or https:// address.');
  }
  return text;
}
