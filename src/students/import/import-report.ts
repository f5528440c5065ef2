import type { Caller } from '../../access/principal.js';
import type { Candidate, Reject } from './candidate.js';

/** What has been decided about the rows of one batch, in their order. */
export interface TakenBatch {
  readonly imported: readonly Candidate[];
  readonly rejects: readonly Reject[];
  /** Already there from an earlier import. */
  readonly present: number;
  /** How many of `imported` came in under a numbered name. */
  readonly renamed: number;
}

export interface ImportSummary {
  /** Rows read in this run. */
  readonly read: number;
  readonly imported: number;
  /** Already there from an earlier import. */
  readonly present: number;
  readonly rejected: number;
  readonly renamed: number;
  /** The position an earlier, broken-off run had reached; undefined for a fresh start. */
  readonly continuedAfter: number | undefined;
}

export interface ImportOptions {
  /** Who imports, for the audit log. */
  readonly caller: Caller;
  readonly dryRun: boolean;
  readonly renameDuplicates: boolean;
  /**
   * The last thing before the commit of a batch, so that what is written elsewhere is never behind the database; told
   * again of a batch that has to be run again. In a dry run, where nothing is committed, told all the same.
   */
  readonly beforeCommit?: (batch: TakenBatch) => void;
  readonly afterCommit?: (batch: TakenBatch, soFar: ImportSummary) => void;
}

export function summaryFrom(continuedAfter: number | undefined): ImportSummary {
  return { read: 0, imported: 0, present: 0, rejected: 0, renamed: 0, continuedAfter };
}

export function withBatch(
  summary: ImportSummary,
  { imported, rejects, present, renamed }: TakenBatch,
): ImportSummary {
  return {
    ...summary,
    read: summary.read + imported.length + rejects.length + present,
    imported: summary.imported + imported.length,
    present: summary.present + present,
    rejected: summary.rejected + rejects.length,
    renamed: summary.renamed + renamed,
  };
}
