import { driverCode } from '../database/driver-code.js';
import { isDatabaseUnavailable } from '../database/database-unavailable.js';
import { type Begun, ImportProgress } from '../students/import/import-progress.js';
import { BEFORE_ALL, type ImportSource } from '../students/import/candidate.js';
import type { ImportOptions, TakenBatch } from '../students/import/import-report.js';
import { StudentImporter } from '../students/import/student-importer.service.js';
import type { CommandApplication } from './application.js';
import { callerOnCommandLine } from './caller-on-command-line.js';
import { CliFailure } from './cli-failure.js';
import { ImportTold, summaryLine } from './import-told.js';
import { createProgress } from './progress.js';
import { RejectsFile } from './rejects-file.js';

export interface ImportFlags {
  readonly dryRun?: true;
  readonly rejects?: string;
  readonly renameDuplicates?: true;
}

/** A file that grows with the import: `write` before the commit of a batch, `keep` after it. */
export interface Companion {
  write(batch: TakenBatch): void;
  keep(): void;
  close(): void;
}

/**
 * Runs an import with everything a person at the terminal sees of it: progress, rejects, a summary.
 * @param command its name, for the audit log
 * @param openCompanion told what an earlier, broken-off run has reached
 */
export async function runImport(
  { context }: CommandApplication,
  command: string,
  source: ImportSource,
  flags: ImportFlags,
  openCompanion?: (begun: Begun | undefined) => Promise<Companion>,
): Promise<void> {
  const companions: Companion[] = [];
  try {
    const begun = await context.get(ImportProgress).find(source.fingerprint);
    if (flags.rejects !== undefined)
      companions.push(rejectsTo(flags.rejects, flags.dryRun ? undefined : begun));
    if (openCompanion) companions.push(await openCompanion(begun));
    const options = {
      caller: callerOnCommandLine(command),
      dryRun: flags.dryRun === true,
      renameDuplicates: flags.renameDuplicates === true,
    };
    await watched(context.get(StudentImporter), source, options, companions, begun?.position ?? BEFORE_ALL);
  } finally {
    for (const companion of companions) companion.close();
    source.close();
  }
}

async function watched(
  importer: StudentImporter,
  source: ImportSource,
  options: ImportOptions,
  companions: readonly Companion[],
  position: number,
): Promise<void> {
  const start = source.countUpTo(position);
  const progress = createProgress(source.total, start);
  const told = new ImportTold();
  const startedAt = performance.now();
  try {
    const summary = await importer.run(source, {
      ...options,
      beforeCommit: (batch) => {
        for (const companion of companions) companion.write(batch);
      },
      afterCommit: (batch, { read }) => {
        for (const companion of companions) companion.keep();
        told.add(batch);
        progress.show(start + read);
      },
    });
    progress.stop();
    told.print();
    console.log(summaryLine(summary, options.dryRun, performance.now() - startedAt));
  } catch (error) {
    progress.stop();
    told.print();
    throw isDatabaseUnavailable(error) ? brokenOff(error) : error;
  }
}

function rejectsTo(file: string, begun: Begun | undefined): Companion {
  const rejects = new RejectsFile(file, begun?.position);
  return {
    write: (batch) => rejects.write(batch.rejects),
    keep: () => rejects.keep(),
    close: () => rejects.close(),
  };
}

function brokenOff(cause: unknown): CliFailure {
  const code = driverCode(cause) ?? 'no answer';
  return new CliFailure(
    `The database cannot be written now (${code}). The same command goes on where the import stopped.`,
    { cause },
  );
}
