import { fail, type Finding, ok } from './finding.js';

const SUBJECT = 'clock';
const LARGEST_DIFFERENCE_MS = 60_000;

/** Milliseconds since the epoch. */
export interface Times {
  readonly here: number;
  readonly database: number;
  /** When the newest row was written; undefined where there is none. */
  readonly newestRow: number | undefined;
}

/** Sessions and tokens go by this machine's clock: one that is wrong ends them early or late. */
export function checkClock({ here, database, newestRow }: Times): Finding {
  const difference = Math.abs(here - database);
  if (difference > LARGEST_DIFFERENCE_MS) {
    return fail(SUBJECT, `${seconds(difference)} s from the database's; 60 s is the most.`);
  }
  if (newestRow !== undefined && here < newestRow) {
    return fail(SUBJECT, `${seconds(newestRow - here)} s before the newest row: it has been set back.`);
  }
  return ok(SUBJECT, "within 60 s of the database's, and not before the newest row.");
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
