import { availableParallelism } from 'node:os';
import { parseSettings } from './parse-settings.js';
import { SettingsError } from './settings-error.js';

const SECRET = 'x9fQ2mV7rT4kLw8ZpB3nYc6HsJ1dGa5E';
const production = { NODE_ENV: 'production', JWT_SECRET: SECRET };
const parse = (environment: Record<string, string>) => parseSettings(environment, '/project');
const MINUTE = 60_000;
const DAY = 86_400_000;

describe('the settings', () => {
  it('have the defaults of the contract where nothing is set', () => {
    expect(parse({})).toEqual({
      production: false,
      host: '127.0.0.1',
      port: 5000,
      database: { kind: 'sqlite', file: '/project/data/students.db' },
      jwt: {
        algorithm: 'HS256',
        secret: undefined,
        previousSecret: undefined,
        keysDir: undefined,
        issuer: 'student-auth',
        audience: 'student-auth',
      },
      accessTokenTtl: 30 * MINUTE,
      refreshTokenTtl: 30 * DAY,
      sessionMaxAge: 90 * DAY,
      refreshReuseGrace: 10_000,
      passwordMinLength: 8,
      hashConcurrency: availableParallelism(),
      throttle: true,
      registration: 'open',
      roster: 'students',
      trustProxy: false,
      corsOrigins: [],
      metricsToken: undefined,
      logLevel: 'info',
      auditRetention: 400 * DAY,
      otlpEndpoint: undefined,
    });
  });

  it('are frozen, and take an empty variable for one that is not set', () => {
    expect(Object.isFrozen(parse({}))).toBe(true);
    expect(parse({ PORT: '', HOST: ' ', JWT_SECRET: '' })).toEqual(parse({}));
  });

  it.each([
    [{ PORT: '0' }, { port: 0 }],
    [{ HOST: '127.0.0.2' }, { host: '127.0.0.2' }],
    [{ HOST: 'localhost' }, { host: 'localhost' }],
    [
      { ...production, HOST: '0.0.0.0' },
      { host: '0.0.0.0', production: true },
    ],
    [{ DATABASE_URL: 'sqlite:/var/lib/a.db' }, { database: { kind: 'sqlite', file: '/var/lib/a.db' } }],
    [
      { DATABASE_URL: 'postgres://u:p@h:1/d' },
      { database: { kind: 'postgres', url: 'postgres://u:p@h:1/d' } },
    ],
    [
      { ACCESS_TOKEN_TTL: '24h', REFRESH_REUSE_GRACE: '0s' },
      { accessTokenTtl: DAY, refreshReuseGrace: 0 },
    ],
    [
      { THROTTLE: 'off', REGISTRATION: 'admins', ROSTER: 'admins' },
      { throttle: false, registration: 'admins', roster: 'admins' },
    ],
    [{ TRUST_PROXY: '2' }, { trustProxy: 2 }],
    [{ TRUST_PROXY: 'false' }, { trustProxy: false }],
    [{ TRUST_PROXY: '10.0.0.0/8, ::1' }, { trustProxy: ['10.0.0.0/8', '::1'] }],
    [
      { CORS_ORIGINS: 'https://a.example, http://localhost:3000' },
      { corsOrigins: ['https://a.example', 'http://localhost:3000'] },
    ],
    [
      { PASSWORD_MIN_LENGTH: '4', HASH_CONCURRENCY: '3' },
      { passwordMinLength: 4, hashConcurrency: 3 },
    ],
    [
      { REFRESH_TOKEN_TTL: '7d', SESSION_MAX_AGE: '12h', AUDIT_RETENTION: '90s' },
      { refreshTokenTtl: 7 * DAY, sessionMaxAge: DAY / 2, auditRetention: 90_000 },
    ],
    [
      { JWT_SECRET: 'short', JWT_SECRET_PREVIOUS: 'old', JWT_ISSUER: 'a', JWT_AUDIENCE: 'b' },
      { jwt: { secret: 'short', previousSecret: 'old', issuer: 'a', audience: 'b' } },
    ],
    [{ JWT_ALGORITHM: 'RS256', JWT_KEYS_DIR: '/keys' }, { jwt: { algorithm: 'RS256', keysDir: '/keys' } }],
    [
      { METRICS_TOKEN: 'for the scraper', LOG_LEVEL: 'warn', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://o:4318' },
      { metricsToken: 'for the scraper', logLevel: 'warn', otlpEndpoint: 'http://o:4318' },
    ],
  ])('read %j', (environment, expected) => expect(parse(environment)).toMatchObject(expected));

  it.each([
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['HOST', '0.0.0.0'],
    ['HOST', '192.168.1.5'],
    ['HOST', '::'],
    ['DATABASE_URL', 'mysql://somewhere'],
    ['DATABASE_URL', 'sqlite://students.db'],
    ['DATABASE_URL', 'sqlite::memory:'],
    ['DATABASE_URL', 'postgres://['],
    ['JWT_ALGORITHM', 'none'],
    ['JWT_ALGORITHM', 'HS512'],
    ['ACCESS_TOKEN_TTL', '25h'],
    ['ACCESS_TOKEN_TTL', '0s'],
    ['ACCESS_TOKEN_TTL', '30'],
    ['ACCESS_TOKEN_TTL', '30 m'],
    ['REFRESH_TOKEN_TTL', 'forever'],
    ['SESSION_MAX_AGE', '1w'],
    ['REFRESH_REUSE_GRACE', '-1s'],
    ['PASSWORD_MIN_LENGTH', '0'],
    ['PASSWORD_MIN_LENGTH', '257'],
    ['HASH_CONCURRENCY', '1.5'],
    ['THROTTLE', 'false'],
    ['REGISTRATION', 'closed'],
    ['ROSTER', 'everyone'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', 'loopback'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['CORS_ORIGINS', 'a.example'],
    ['LOG_LEVEL', 'verbose'],
    ['AUDIT_RETENTION', 'a year'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ])('stop the start for %s=%s, in one line that names it and keeps the value', (variable, value) => {
    const error = errorOf({ [variable]: value });
    expect(error.variable).toBe(variable);
    expect(error.message.startsWith(`${variable} `)).toBe(true);
    expect(error.message).not.toContain('\n');
    expect(error.message.split(/[\s,()]+/)).not.toContain(
      value === 'true' || value === '*' || value === 'null' ? '' : value,
    );
  });
});

describe('the secret in production', () => {
  it('is required', () => expect(errorOf({ NODE_ENV: 'production' }).variable).toBe('JWT_SECRET'));

  it.each([
    'thisissecret',
    'secret',
    'changeme',
    'your-256-bit-secret',
    'a-string-secret-at-least-256-bits-long',
    'this_is_a_very_secret_key_please_change_me',
    'supersecretsupersecretsupersecret',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'abcdefghabcdefghabcdefghabcdefgh',
    'qK3vR8xZ1mT6',
  ])('is refused when it is %j', (secret) => {
    for (const variable of ['JWT_SECRET', 'JWT_SECRET_PREVIOUS']) {
      const error = errorOf({ ...production, [variable]: secret });
      expect(error.variable).toBe(variable);
      if (secret !== 'secret') expect(error.message).not.toContain(secret);
    }
  });

  it.each([SECRET, 'Zk9-3rTq_PbX81LmVw0sYd7EhGfNuCjA', '5f2b8c0e9d1a4763b2e8f7061c9d5a34'])(
    'is taken when it is %j',
    (secret) => expect(parse({ NODE_ENV: 'production', JWT_SECRET: secret }).jwt.secret).toBe(secret),
  );

  it('is not needed where keys sign, which need their folder', () => {
    const keys = { NODE_ENV: 'production', JWT_ALGORITHM: 'ES256' };
    expect(errorOf(keys).variable).toBe('JWT_KEYS_DIR');
    expect(parse({ ...keys, JWT_KEYS_DIR: 'keys' }).jwt).toMatchObject({
      algorithm: 'ES256',
      keysDir: '/project/keys',
    });
  });
});

function errorOf(environment: Record<string, string>): SettingsError {
  try {
    parse(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(environment)} was taken`);
}
