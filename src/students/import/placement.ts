import { loginKey } from '../../common/login-key.js';
import { type Candidate, type Reject, rejectOf } from './candidate.js';

/** Who holds what the candidates of a batch want: student ids by login key and by `public_id`. */
export interface Holders {
  readonly byKey: Map<string, number>;
  readonly byPublicId: Map<string, number>;
}

export type Placement =
  | { readonly kind: 'new'; readonly candidate: Candidate }
  | { readonly kind: 'present' }
  | { readonly kind: 'reject'; readonly reject: Reject };

/** Stands for the students of the batch itself, who have no id yet; later than every id there is. */
export const OF_THIS_BATCH = Number.MAX_SAFE_INTEGER;

/**
 * Decides whether there is room for a candidate, and takes it in `holders` if so.
 * @param firstId students from this id on came in with this import (or since it began): being like one of them is a
 *   duplicate within the source; being like an earlier one is an import that was done before
 * @param rename gives the name to take in place of one that is taken; undefined where that is not wanted
 */
export function place(
  candidate: Candidate,
  holders: Holders,
  firstId: number,
  rename?: (name: string) => string | undefined,
): Placement {
  const nameKey = loginKey(candidate.name);
  const emailKey = loginKey(candidate.email);
  const nameHolder = holders.byKey.get(nameKey);
  const emailHolder = holders.byKey.get(emailKey);
  const idHolder = candidate.publicId === undefined ? undefined : holders.byPublicId.get(candidate.publicId);

  if (isEarlier(idHolder, firstId) && (idHolder === nameHolder || idHolder === emailHolder))
    return { kind: 'present' };
  if (candidate.publicId === undefined && isEarlier(nameHolder, firstId) && nameHolder === emailHolder) {
    return { kind: 'present' };
  }
  if (idHolder !== undefined) return rejected(candidate, 'public_id is already taken');
  if (emailHolder !== undefined) return rejected(candidate, 'email is already taken');
  if (nameHolder === undefined) return taken(candidate, holders, nameKey, emailKey);
  const name = rename?.(candidate.name);
  if (name === undefined) return rejected(candidate, 'name is already taken');
  return taken({ ...candidate, name }, holders, loginKey(name), emailKey);
}

function isEarlier(holder: number | undefined, firstId: number): holder is number {
  return holder !== undefined && holder < firstId;
}

function taken(candidate: Candidate, holders: Holders, nameKey: string, emailKey: string): Placement {
  holders.byKey.set(nameKey, OF_THIS_BATCH).set(emailKey, OF_THIS_BATCH);
  if (candidate.publicId !== undefined) holders.byPublicId.set(candidate.publicId, OF_THIS_BATCH);
  return { kind: 'new', candidate };
}

function rejected(candidate: Candidate, reason: string): Placement {
  return { kind: 'reject', reject: rejectOf(candidate, reason) };
}
