export type DatabaseSettings =
  { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly url: string };

export type JwtAlgorithm = 'HS256' | 'ES256' | 'RS256';
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface JwtSettings {
  readonly algorithm: JwtAlgorithm;
  /** Undefined only when `algorithm` is asymmetric. */
  readonly secret: string | undefined;
  readonly previousSecret: string | undefined;
  /** Folder of PEM private keys; set exactly when `algorithm` is asymmetric. */
  readonly keysDir: string | undefined;
  readonly issuer: string;
  readonly audience: string;
}

/**
 * The environment, read once, checked and frozen. Durations are milliseconds. An abstract class so that Nest can
 * inject it by type; `loadSettings` makes the only instances outside tests.
 */
export abstract class Settings {
  abstract readonly production: boolean;
  abstract readonly host: string;
  abstract readonly port: number;
  abstract readonly database: DatabaseSettings;
  abstract readonly jwt: JwtSettings;
  abstract readonly accessTokenTtl: number;
  abstract readonly refreshTokenTtl: number;
  abstract readonly sessionMaxAge: number;
  abstract readonly refreshReuseGrace: number;
  abstract readonly passwordMinLength: number;
  abstract readonly hashConcurrency: number;
  abstract readonly throttle: boolean;
  abstract readonly registration: 'open' | 'admins';
  abstract readonly roster: 'students' | 'admins';
  /** false, a number of hops, or addresses and CIDRs. */
  abstract readonly trustProxy: false | number | readonly string[];
  abstract readonly corsOrigins: readonly string[];
  abstract readonly metricsToken: string | undefined;
  abstract readonly logLevel: LogLevel;
  abstract readonly auditRetention: number;
  abstract readonly otlpEndpoint: string | undefined;
}
