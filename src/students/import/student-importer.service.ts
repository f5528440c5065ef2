import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../audit/audit-log.service.js';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { inBatches } from './batches.js';
import {
  findHolders,
  findKeys,
  type HashedCandidate,
  insertStudents,
  type Query,
} from './bulk-statements.js';
import { BEFORE_ALL, type Candidate, type ImportSource, isReject, type SourceRow } from './candidate.js';
import { DryRunLedger } from './dry-run-ledger.js';
import { ImportProgress } from './import-progress.js';
import {
  type ImportOptions,
  type ImportSummary,
  summaryFrom,
  type TakenBatch,
  withBatch,
} from './import-report.js';
import { NameNumbering } from './name-numbering.js';
import { PasswordBatch } from './password-batch.service.js';
import { placeBatch } from './place-batch.js';
import { place } from './placement.js';

/** Somebody registered a name between our look and our insert, more often than chance would have it. */
const MOST_RETRIES = 5;

/** A row seemed taken when the passwords were hashed, and no longer is. */
class NotHashedYet extends Error {}

interface Run {
  readonly options: ImportOptions;
  readonly source: ImportSource;
  readonly firstId: number;
  readonly numbering: NameNumbering | undefined;
}

/** Takes students in from elsewhere, batch by batch, each batch and how far it came in one short transaction. */
@Injectable()
export class StudentImporter {
  private readonly query: Query;

  constructor(
    private readonly database: Database,
    private readonly progress: ImportProgress,
    private readonly passwords: PasswordBatch,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {
    this.query = database.query.bind(database);
  }

  async run(source: ImportSource, options: ImportOptions): Promise<ImportSummary> {
    if (options.dryRun) return await this.pretend(source, options);
    await this.audit.recordAlone({ action: 'import', student: null }, options.caller);
    const summary = await this.database.inBulk(() => this.takeIn(source, options));
    // Outside of the bulk: this commit, and with it all before, is on the disk when it returns.
    await this.progress.complete(source.fingerprint);
    return summary;
  }

  private async takeIn(source: ImportSource, options: ImportOptions): Promise<ImportSummary> {
    const { position, firstId } =
      (await this.progress.find(source.fingerprint)) ?? (await this.progress.begin(source.fingerprint));
    const run: Run = { options, source, firstId, numbering: numberingOf(options) };
    return await this.eachBatch(run, position, (rows) => this.write(run, rows));
  }

  private async pretend(source: ImportSource, options: ImportOptions): Promise<ImportSummary> {
    const begun = await this.progress.find(source.fingerprint);
    const firstId = begun?.firstId ?? (await this.progress.nextStudentId());
    const run: Run = { options, source, firstId, numbering: numberingOf(options) };
    const ledger = new DryRunLedger();
    try {
      return await this.eachBatch(run, begun?.position ?? BEFORE_ALL, async (rows) => {
        const batch = await this.wouldTake(run, rows, ledger);
        options.beforeCommit?.(batch);
        return batch;
      });
    } finally {
      ledger.close();
    }
  }

  private async eachBatch(
    { source, options }: Run,
    position: number,
    settle: (rows: readonly SourceRow[]) => Promise<TakenBatch>,
  ): Promise<ImportSummary> {
    let summary = summaryFrom(position === BEFORE_ALL ? undefined : position);
    for await (const rows of inBatches(source.rows(position), source.batchSize)) {
      const batch = await settle(rows);
      summary = withBatch(summary, batch);
      options.afterCommit?.(batch, summary);
      // better-sqlite3 answers at once: without a pause, timers and signals would wait for the end of the import.
      await nextTurn();
    }
    return summary;
  }

  private async wouldTake(run: Run, rows: readonly SourceRow[], ledger: DryRunLedger): Promise<TakenBatch> {
    const candidates = rows.filter(isCandidate);
    const holders = await findHolders(this.query, candidates);
    ledger.addTo(holders, candidates);
    const batch = await placeBatch(rows, {
      ...run,
      holders,
      heldOf: async (keys) => {
        const held = await findKeys(this.query, keys);
        return new Set(keys.filter((key) => held.has(key) || ledger.isTaken(key)));
      },
    });
    ledger.take(batch.imported);
    return batch;
  }

  private async write(run: Run, rows: readonly SourceRow[]): Promise<TakenBatch> {
    const hashes = new Map<number, string>();
    for (let retries = 0; ; retries += 1) {
      // Slow work first, outside the transaction, and only for those who look as if they came in.
      await this.passwords.hash(hashes, await this.likelyToComeIn(run, rows));
      try {
        return await this.database.write((manager) => this.writeBatch(run, manager, rows, hashes));
      } catch (error) {
        const again = isUniqueViolation(error) || error instanceof NotHashedYet;
        if (!again || retries >= MOST_RETRIES) throw error;
      }
    }
  }

  private async writeBatch(
    run: Run,
    manager: EntityManager,
    rows: readonly SourceRow[],
    hashes: ReadonlyMap<number, string>,
  ): Promise<TakenBatch> {
    const query: Query = (sql, parameters) => this.database.queryWith(manager, sql, parameters);
    const holders = await findHolders(query, rows.filter(isCandidate));
    const heldOf = async (keys: readonly string[]) => new Set((await findKeys(query, keys)).keys());
    const batch = await placeBatch(rows, { ...run, holders, heldOf });
    const hashed = batch.imported.map((candidate) => withHash(candidate, hashes));
    await insertStudents(this.database, manager, hashed, this.clock.now());
    const position = rows.at(-1)?.position ?? BEFORE_ALL;
    await this.progress.reach(manager, run.source.fingerprint, { position, firstId: run.firstId });
    run.options.beforeCommit?.(batch);
    return batch;
  }

  /** Those with a password to be hashed for whom there is room, as far as can be seen before the transaction. */
  private async likelyToComeIn(run: Run, rows: readonly SourceRow[]): Promise<Candidate[]> {
    const plain = rows.filter(isCandidate).filter(({ password }) => 'plain' in password);
    if (plain.length === 0) return [];
    const holders = await findHolders(this.query, plain);
    return plain.filter((candidate) => {
      const { kind } = place(candidate, holders, run.firstId);
      return kind === 'new' || (kind === 'name-taken' && run.numbering !== undefined);
    });
  }
}

function numberingOf({ renameDuplicates }: ImportOptions): NameNumbering | undefined {
  return renameDuplicates ? new NameNumbering() : undefined;
}

function isCandidate(row: SourceRow): row is Candidate {
  return !isReject(row);
}

function withHash(candidate: Candidate, hashes: ReadonlyMap<number, string>): HashedCandidate {
  const { password, position } = candidate;
  const hash = 'hash' in password ? password.hash : hashes.get(position);
  if (hash === undefined) throw new NotHashedYet(`Row ${position} is not hashed yet.`);
  return { ...candidate, password: { hash } };
}
