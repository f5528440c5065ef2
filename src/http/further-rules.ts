import type { Settings } from '../config/settings.js';

/**
 * A DTO whose fields have rules that need its other fields or the settings. Asked by the validation pipe after the
 * fields' own rules; what it says of a field that has a fault already is not told.
 */
export interface FurtherRules {
  /** Faults by field, as whole sentences; fields may hold values of the wrong type. */
  furtherFaults(settings: Settings): ReadonlyMap<string, readonly string[]>;
}

export function hasFurtherRules(dto: object): dto is FurtherRules {
  return typeof (dto as Partial<FurtherRules>).furtherFaults === 'function';
}
