import { type Candidate, isReject, type Reject, type SourceRow } from './candidate.js';
import type { TakenBatch } from './import-report.js';
import type { NameNumbering } from './name-numbering.js';
import { type Holders, place, take } from './placement.js';

export interface Room {
  readonly holders: Holders;
  /** As `place` takes it. */
  readonly firstId: number;
  /** Undefined where nobody is renamed. */
  readonly numbering: NameNumbering | undefined;
  /** Which of these login keys are held, beyond those in `holders`. */
  readonly heldOf: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** Decides about the rows of a batch, one after the other: an earlier row's student stands in the way of a later one. */
export async function placeBatch(rows: readonly SourceRow[], room: Room): Promise<TakenBatch> {
  const imported: Candidate[] = [];
  const rejects: Reject[] = [];
  let present = 0;
  let renamed = 0;
  for (const row of rows) {
    const placement = isReject(row)
      ? ({ kind: 'reject', reject: row } as const)
      : place(row, room.holders, room.firstId);
    if (placement.kind === 'new') imported.push(placement.candidate);
    else if (placement.kind === 'present') present += 1;
    else {
      const other = placement.kind === 'name-taken' ? await rename(row as Candidate, room) : undefined;
      if (other) {
        take(other, room.holders);
        imported.push(other);
        renamed += 1;
      } else rejects.push(placement.reject);
    }
  }
  return { imported, rejects, present, renamed };
}

async function rename(
  candidate: Candidate,
  { holders, numbering, heldOf }: Room,
): Promise<Candidate | undefined> {
  return await numbering?.rename(candidate, async (keys) => {
    const held = await heldOf(keys);
    return new Set(keys.filter((key) => held.has(key) || holders.byKey.has(key)));
  });
}
