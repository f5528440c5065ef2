import type { Role } from '../../access/principal.js';

/** A password as a source has it: hashed, in plain text, or made up because the row has none. */
export type CandidatePassword =
  { readonly hash: string } | { readonly plain: string; readonly madeUp?: boolean };

/** A student of another system, as read and checked by itself; whether there is room for it the importer finds out. */
export interface Candidate {
  /** Where it stands in its source: ascending, 1 or more (in a SQLite file, any rowid). */
  readonly position: number;
  /** Undefined where the source has none: it gets a new one. */
  readonly publicId: string | undefined;
  readonly name: string;
  readonly email: string;
  /** The login keys of the two, as many are compared with many. */
  readonly nameKey: string;
  readonly emailKey: string;
  /** Where the e-mail was made of the name: its domain, so that another name gets its own. */
  readonly emailDomain?: string;
  readonly role: Role;
  readonly password: CandidatePassword;
  /** Milliseconds since the epoch; undefined for now. */
  readonly createdAt?: number;
  /** What a person should know although the row comes in. */
  readonly warning?: string;
}

/** A row that cannot come in, and why. */
export interface Reject {
  readonly position: number;
  readonly reason: string;
  /** What the row says of the student; never a password or a hash. */
  readonly publicId: string;
  readonly name: string;
  readonly email: string;
}

export type SourceRow = Candidate | Reject;

export function isReject(row: SourceRow): row is Reject {
  return 'reason' in row;
}

export function rejectOf(candidate: Candidate, reason: string): Reject {
  const { position, publicId = '', name, email } = candidate;
  return { position, reason, publicId, name, email };
}

/** Where an import stands that has taken nothing in yet. */
export const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

/** Something to import from, in a stable order. */
export interface ImportSource {
  /** The same for the same content, so that a broken-off run is recognised. */
  readonly fingerprint: string;
  /** How many rows there are. */
  readonly total: number;
  /** How many rows are taken in at once: small enough for one short transaction. */
  readonly batchSize: number;
  /** How many rows there are up to a position, this one included. */
  countUpTo(position: number): number;
  /** From after a position; `BEFORE_ALL` for all. */
  rows(after: number): AsyncIterable<SourceRow> | Iterable<SourceRow>;
  close(): void;
}
