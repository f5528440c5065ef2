import { passwordFaults } from '../../passwords/password-rules.js';
import type { Candidate, CandidatePassword, SourceRow } from './candidate.js';
import { checkIdentity, rejectRaw } from './check-candidate.js';
import { newPassword } from './credentials-file.js';
import { importedHash } from './imported-hash.js';
import type { Column } from './roster-header.js';

/** What stands in a row; absent where it is empty. From NDJSON, anything. */
export type RosterCells = { readonly [name in Column]?: unknown };

export interface RosterOptions {
  readonly passwordMinLength: number;
  /** How many passwords are hashed at once. */
  readonly hashConcurrency: number;
  /** Whether a row without a password gets one; otherwise it cannot come in. */
  readonly makePasswords: boolean;
}

/** RFC 3339, section 5.6. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export function toSourceRow(position: number, cells: RosterCells, options: RosterOptions): SourceRow {
  const raw = {
    position,
    publicId: cells.public_id,
    name: cells.name,
    email: typeof cells.email === 'string' ? cells.email.trim() : cells.email,
    role: cells.role,
  };
  const createdAt = timeOf(cells.created_at);
  if (Number.isNaN(createdAt)) return checkIdentity(raw, { fault: 'created_at must be a time (RFC 3339)' });
  const { password, warning } = passwordOf(cells, options);
  return checkIdentity(raw, password, {
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(warning === undefined ? {} : { warning }),
  });
}

export function tooManyCells(position: number): SourceRow {
  const nothing = { publicId: '', name: '', email: '', role: '' };
  return rejectRaw({ position, ...nothing }, 'the row has more cells than the header');
}

/** Milliseconds since the epoch; undefined where there is nothing, NaN for what is not a time. */
function timeOf(value: unknown): number | undefined {
  if (value === undefined || value === '') return undefined;
  return typeof value === 'string' && DATE_TIME.test(value) ? Date.parse(value) : NaN;
}

function passwordOf(
  { password, password_hash: hash, name, email }: RosterCells,
  { makePasswords, passwordMinLength }: RosterOptions,
): {
  readonly password: CandidatePassword | { readonly fault: string };
  readonly warning?: Candidate['warning'];
} {
  if (hash !== undefined && hash !== '') {
    if (typeof hash !== 'string') return { password: { fault: 'password_hash must be a text' } };
    const { warning, ...kept } = importedHash(hash);
    return { password: kept, ...(warning === undefined ? {} : { warning }) };
  }
  if (password === undefined || password === '') {
    return makePasswords
      ? { password: { plain: newPassword(), madeUp: true } }
      : { password: { fault: 'password is missing (--credentials FILE makes one)' } };
  }
  if (typeof password !== 'string') return { password: { fault: 'password must be a text' } };
  const notLike = [name, email].filter((text) => typeof text === 'string');
  const faults = passwordFaults(password, { minLength: passwordMinLength, notLike });
  return { password: faults.length > 0 ? { fault: faults.join('; ') } : { plain: password } };
}
