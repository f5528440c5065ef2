import type { Role } from '../../access/principal.js';
import { storedHashProblem } from '../../passwords/stored-hash.js';
import { cleanName, emailFault, nameFault } from '../student-identity.js';
import type { Candidate, Reject, SourceRow } from './candidate.js';

/** What a source says of a student, before anything of it is believed. */
export interface RawRow {
  readonly position: number;
  readonly publicId: unknown;
  readonly name: unknown;
  readonly email: unknown;
  readonly role: unknown;
}

const LONGEST_PUBLIC_ID = 50;

/** Applies the rules of registration to the identity in a row; the password is the source's to see to. */
export function checkIdentity(
  row: RawRow,
  password: Candidate['password'] | { readonly fault: string },
  extra: Pick<Candidate, 'createdAt' | 'warning'> = {},
): SourceRow {
  const faults = [
    fault('name', row.name, nameFault),
    fault('email', row.email, emailFault),
    publicIdFault(row.publicId),
    roleOf(row.role) === undefined ? 'role must be user or admin' : undefined,
    'fault' in password ? password.fault : undefined,
  ].filter((each) => each !== undefined);
  if (faults.length > 0 || 'fault' in password) return rejectRaw(row, faults.join('; '));
  return {
    ...extra,
    position: row.position,
    publicId: shown(row.publicId) === '' ? undefined : shown(row.publicId),
    name: cleanName(shown(row.name)),
    email: shown(row.email),
    role: roleOf(row.role) ?? 'user',
    password,
  };
}

/** A student whose hash will never be run comes in all the same: an admin can give a new password. */
export function hashWarning(hash: string): Pick<Candidate, 'warning'> {
  const problem = storedHashProblem(hash);
  return problem === undefined ? {} : { warning: `cannot log in until an admin sets a password: ${problem}` };
}

function rejectRaw(row: RawRow, reason: string): Reject {
  return {
    position: row.position,
    reason,
    publicId: shown(row.publicId),
    name: shown(row.name),
    email: shown(row.email),
  };
}

function fault(
  field: string,
  value: unknown,
  rule: (text: string) => string | undefined,
): string | undefined {
  if (value === null || value === undefined || value === '') return `${field} is missing`;
  if (typeof value !== 'string') return `${field} must be a text`;
  const told = rule(value);
  return told === undefined ? undefined : `${field} ${told}`;
}

function publicIdFault(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value !== 'string') return 'public_id must be a text';
  return value.length > LONGEST_PUBLIC_ID || /[\p{Cc}\p{Surrogate}]/u.test(value)
    ? `public_id must be at most ${LONGEST_PUBLIC_ID} printable characters`
    : undefined;
}

function roleOf(value: unknown): Role | undefined {
  if (value === null || value === undefined || value === '') return 'user';
  return value === 'user' || value === 'admin' ? value : undefined;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
