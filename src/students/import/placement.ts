import { type Candidate, type Reject, rejectOf } from './candidate.js';

/** A student who holds what a candidate wants. */
export interface Holder {
  readonly id: number;
  readonly nameKey: string;
}

/** Who holds what the candidates of a batch want: student ids by login key, students by `public_id`. */
export interface Holders {
  readonly byKey: Map<string, number>;
  readonly byPublicId: Map<string, Holder>;
}

export type Placement =
  | { readonly kind: 'new'; readonly candidate: Candidate }
  | { readonly kind: 'present' }
  /** Only the name (or the e-mail made of it) is in the way: under another one there may be room. */
  | { readonly kind: 'name-taken'; readonly reject: Reject }
  | { readonly kind: 'reject'; readonly reject: Reject };

/** Stands for the students of the batch itself, who have no id yet; later than every id there is. */
export const OF_THIS_BATCH = Number.MAX_SAFE_INTEGER;

/**
 * Decides whether there is room for a candidate, and takes it in `holders` if so.
 * @param firstId students from this id on came in with this import (or since it began): being like one of them is a
 *   duplicate within the source; being like an earlier one is an import that was done before
 */
export function place(candidate: Candidate, holders: Holders, firstId: number): Placement {
  const nameHolder = holders.byKey.get(candidate.nameKey);
  const emailHolder = holders.byKey.get(candidate.emailKey);
  const idHolder = candidate.publicId === undefined ? undefined : holders.byPublicId.get(candidate.publicId);
  if (idHolder !== undefined) {
    const same =
      idHolder.id === nameHolder ||
      idHolder.id === emailHolder ||
      isNumbered(idHolder.nameKey, candidate.nameKey);
    if (idHolder.id < firstId && same) return { kind: 'present' };
    return rejected(candidate, 'public_id is already taken');
  }
  const both = nameHolder === emailHolder ? nameHolder : undefined;
  if (candidate.publicId === undefined && both !== undefined && both < firstId) return { kind: 'present' };
  if (emailHolder !== undefined && candidate.emailDomain === undefined) {
    return rejected(candidate, 'email is already taken');
  }
  if (nameHolder === undefined && emailHolder === undefined) {
    take(candidate, holders);
    return { kind: 'new', candidate };
  }
  const what = nameHolder === undefined ? 'email' : 'name';
  return { kind: 'name-taken', reject: rejectOf(candidate, `${what} is already taken`) };
}

/** Notes that the candidate is going to hold its name, its e-mail and its `public_id`. */
export function take({ nameKey, emailKey, publicId }: Candidate, { byKey, byPublicId }: Holders): void {
  byKey.set(nameKey, OF_THIS_BATCH).set(emailKey, OF_THIS_BATCH);
  if (publicId !== undefined) byPublicId.set(publicId, { id: OF_THIS_BATCH, nameKey });
}

/** Whether a name is another one with a number appended, as `--rename-duplicates` does it. */
function isNumbered(numbered: string, nameKey: string): boolean {
  return numbered.startsWith(nameKey) && /^\d+$/.test(numbered.slice(nameKey.length));
}

function rejected(candidate: Candidate, reason: string): Placement {
  return { kind: 'reject', reject: rejectOf(candidate, reason) };
}
