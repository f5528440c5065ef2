import type { Candidate, ImportSource, Reject } from '../students/import/candidate.js';
import { ImportProgress } from '../students/import/import-progress.js';
import { type ImportSummary, StudentImporter } from '../students/import/student-importer.service.js';
import type { CommandApplication } from './application.js';
import { createProgress } from './progress.js';
import { RejectsFile } from './rejects-file.js';

export interface ImportFlags {
  readonly dryRun?: true;
  readonly rejects?: string;
  readonly renameDuplicates?: true;
}

/** Runs an import with everything a person at the terminal sees of it: progress, rejects, a summary. */
export async function runImport(
  { context }: CommandApplication,
  source: ImportSource,
  flags: ImportFlags,
  beforeCommit?: (students: readonly Candidate[]) => void,
): Promise<void> {
  const begun = await context.get(ImportProgress).find(source.fingerprint);
  const progress = createProgress(source.total, begun?.position);
  const rejects =
    flags.rejects === undefined ? undefined : new RejectsFile(flags.rejects, begun !== undefined);
  const startedAt = performance.now();
  const told: string[] = [];
  try {
    const summary = await context.get(StudentImporter).run(source, {
      dryRun: flags.dryRun === true,
      renameDuplicates: flags.renameDuplicates === true,
      onProgress: ({ continuedAfter, read }) => progress.show(continuedAfter + read),
      onReject: (reject) => {
        rejects?.write(reject);
        tell(told, rejectLine(reject));
      },
      onWarning: ({ position, name, warning }) =>
        tell(told, `row ${position} (${shown(name)}): ${warning ?? ''}`),
      ...(beforeCommit ? { beforeCommit } : {}),
    });
    progress.stop();
    for (const line of told) console.log(line);
    console.log(summaryLine(summary, flags.dryRun === true, performance.now() - startedAt));
  } finally {
    progress.stop();
    rejects?.close();
    source.close();
  }
}

/** What fits a screen; the rest is in the rejects file. */
const MOST_LINES_TOLD = 1_000;

function tell(told: string[], line: string): void {
  if (told.length < MOST_LINES_TOLD) told.push(line);
  else if (told.length === MOST_LINES_TOLD) told.push('… and more: --rejects FILE has them all');
}

function rejectLine({ position, name, reason }: Reject): string {
  return `row ${position} (${shown(name)}) cannot come in: ${reason}`;
}

/** A name from a stranger's file must not drive the terminal. */
function shown(name: string): string {
  return name.replace(/\p{Cc}/gu, '\ufffd').slice(0, 60);
}

function summaryLine(summary: ImportSummary, dryRun: boolean, ms: number): string {
  const { read, imported, present, rejected, renamed, continuedAfter } = summary;
  const seconds = (ms / 1000).toFixed(1);
  const rate = Math.round(read / Math.max(ms / 1000, 0.001));
  return [
    `${dryRun ? 'Dry run, nothing was written: ' : ''}${read} rows read in ${seconds} s (${rate}/s)`,
    continuedAfter > 0 ? `continued after row ${continuedAfter}` : '',
    `${imported} ${dryRun ? 'would be imported' : 'imported'}`,
    renamed > 0 ? `${renamed} of them renamed` : '',
    `${present} already there`,
    `${rejected} rejected`,
  ]
    .filter(Boolean)
    .join(', ');
}
