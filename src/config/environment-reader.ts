import { parseDuration } from '../common/duration.js';
import { SettingsError } from './settings-error.js';

/** Environment variables as they come from the process or a `.env` file. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads typed values; an empty variable counts as one that is not set (compose files write `${X:-}`). */
export class EnvironmentReader {
  constructor(private readonly environment: Environment) {}

  text(variable: string): string | undefined {
    const value = this.environment[variable];
    return value === undefined || value.trim() === '' ? undefined : value;
  }

  oneOf<const T extends string>(variable: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(variable);
    if (value === undefined) return fallback;
    const match = allowed.find((each) => each === value);
    if (match === undefined) throw new SettingsError(variable, `must be one of: ${allowed.join(', ')}.`);
    return match;
  }

  wholeNumber(variable: string, range: { min: number; max: number; fallback: number }): number {
    const value = this.text(variable);
    if (value === undefined) return range.fallback;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= range.min && number <= range.max)) {
      throw new SettingsError(variable, `must be a whole number from ${range.min} to ${range.max}.`);
    }
    return number;
  }

  /** @returns milliseconds */
  duration(variable: string, range: { min: string; max?: string; fallback: string }): number {
    const min = fixedDuration(range.min);
    const max = range.max === undefined ? Number.POSITIVE_INFINITY : fixedDuration(range.max);
    const value = this.text(variable);
    const ms = value === undefined ? fixedDuration(range.fallback) : parseDuration(value);
    if (ms === undefined)
      throw new SettingsError(variable, 'must be a duration such as 30s, 15m, 12h or 30d.');
    if (ms < min || ms > max) {
      const upTo = range.max === undefined ? '' : ` and at most ${range.max}`;
      throw new SettingsError(variable, `must be at least ${range.min}${upTo}.`);
    }
    return ms;
  }
}

function fixedDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`not a duration: ${text}`);
  return ms;
}
