import type { ValidationError } from 'class-validator';
import { isStorable } from '../common/storable.js';

/** A field and what is wrong with it, as one sentence that names the field. */
export interface FieldFault {
  readonly field: string;
  readonly fault: string;
}

/**
 * One fault a field, in the fields' order. A decorator's message is the predicate alone (`must be a string`) or the
 * whole sentence; the field is named in either case.
 */
export function fieldFaults(errors: readonly ValidationError[], parent = ''): FieldFault[] {
  return errors.map(({ property, constraints, children }) => {
    const field = parent + property;
    const told = Object.values(constraints ?? {})[0];
    if (told !== undefined) return { field, fault: told.startsWith(`${field} `) ? told : `${field} ${told}` };
    return {
      field: property,
      fault: fieldFaults(children ?? [], `${field}.`)[0]?.fault ?? `${field} is not valid`,
    };
  });
}

/** The fault of a text that cannot be stored, whatever else its field's rules say. */
export function unstorableFault(field: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || isStorable(value)) return undefined;
  return `${field} must not contain NUL or unpaired surrogates`;
}
