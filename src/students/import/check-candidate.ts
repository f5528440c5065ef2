import type { Role } from '../../access/principal.js';
import { loginKey } from '../../common/login-key.js';
import { cleanName, emailFault, nameFault } from '../student-identity.js';
import type { Candidate, CandidatePassword, Reject, SourceRow } from './candidate.js';

/** What a source says of a student, before anything of it is believed. */
export interface RawRow {
  readonly position: number;
  readonly publicId: unknown;
  readonly name: unknown;
  readonly email: unknown;
  readonly role: unknown;
}

const LONGEST_PUBLIC_ID = 50;
/** UTF-16 units of a cell that a list of rejects shows; a cell can be as long as its file. */
const LONGEST_SHOWN = 300;

/** Applies the rules of registration to the identity in a row; the password is the source's to see to. */
export function checkIdentity(
  row: RawRow,
  password: CandidatePassword | { readonly fault: string },
  extra: Pick<Candidate, 'createdAt' | 'warning' | 'emailDomain'> = {},
): SourceRow {
  const role = roleOf(row.role);
  const faults = [
    fault('name', row.name, nameFault),
    fault('email', row.email, emailFault),
    publicIdFault(row.publicId),
    role === undefined ? 'role must be user or admin' : undefined,
    'fault' in password ? password.fault : undefined,
  ].filter((each) => each !== undefined);
  if (role === undefined || faults.length > 0 || 'fault' in password)
    return rejectRaw(row, faults.join('; '));
  const name = cleanName(row.name as string);
  const email = row.email as string;
  return {
    ...extra,
    position: row.position,
    publicId: isMissing(row.publicId) ? undefined : (row.publicId as string),
    name,
    email,
    nameKey: loginKey(name),
    emailKey: loginKey(email),
    role,
    password,
  };
}

/** A row that cannot come in whatever its cells say. */
export function rejectRaw(row: RawRow, reason: string): Reject {
  const { position, publicId, name, email } = row;
  return { position, reason, publicId: shown(publicId), name: shown(name), email: shown(email) };
}

function fault(
  field: string,
  value: unknown,
  rule: (text: string) => string | undefined,
): string | undefined {
  if (isMissing(value)) return `${field} is missing`;
  if (typeof value !== 'string') return `${field} must be a text`;
  const told = rule(value);
  return told === undefined ? undefined : `${field} ${told}`;
}

function publicIdFault(value: unknown): string | undefined {
  if (isMissing(value)) return undefined;
  if (typeof value !== 'string') return 'public_id must be a text';
  return value.length > LONGEST_PUBLIC_ID || /[\p{Cc}\p{Surrogate}]/u.test(value)
    ? `public_id must be at most ${LONGEST_PUBLIC_ID} printable characters`
    : undefined;
}

function roleOf(value: unknown): Role | undefined {
  if (isMissing(value)) return 'user';
  const role = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  return role === 'user' || role === 'admin' ? role : undefined;
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
}
