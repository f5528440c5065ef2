import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { loginKey } from '../../common/login-key.js';
import { Settings } from '../../config/settings.js';
import { Database } from '../../database/database.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { PasswordHasher } from '../../passwords/password-hasher.js';
import { findHolders, type HashedCandidate, insertStudents } from './bulk-statements.js';
import { type Candidate, type ImportSource, isReject, type Reject, type SourceRow } from './candidate.js';
import { DryRunLedger } from './dry-run-ledger.js';
import { ImportProgress } from './import-progress.js';
import { NameNumbering } from './name-numbering.js';
import { type Holders, place } from './placement.js';

export interface ImportOptions {
  readonly dryRun: boolean;
  readonly renameDuplicates: boolean;
  /** Told after each batch. */
  readonly onProgress?: (done: ImportSummary) => void;
  readonly onReject?: (reject: Reject) => void;
  readonly onWarning?: (candidate: Candidate) => void;
  /** Told of students before they are committed, with the passwords they were given. */
  readonly beforeCommit?: (students: readonly Candidate[]) => void;
}

export interface ImportSummary {
  /** Rows read in this run. */
  readonly read: number;
  readonly imported: number;
  /** Already there from an earlier import. */
  readonly present: number;
  readonly rejected: number;
  readonly renamed: number;
  /** The position an earlier, broken-off run had reached; 0 for a fresh start. */
  readonly continuedAfter: number;
}

/** Somebody registered a name between our look and our insert, more often than chance would have it. */
const MOST_RETRIES = 5;

interface Run {
  readonly options: ImportOptions;
  readonly source: ImportSource;
  readonly firstId: number;
  readonly ledger: DryRunLedger | undefined;
  readonly numbering: NameNumbering;
}

interface Placed {
  readonly fresh: Candidate[];
  readonly rejects: Reject[];
  readonly present: number;
  readonly renamed: number;
}

/** Takes students in from elsewhere, batch by batch, each batch and how far it came in one short transaction. */
@Injectable()
export class StudentImporter {
  constructor(
    private readonly database: Database,
    private readonly progress: ImportProgress,
    private readonly hasher: PasswordHasher,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  async run(source: ImportSource, options: ImportOptions): Promise<ImportSummary> {
    const begun = await this.progress.find(source.fingerprint);
    const firstId = begun?.firstId ?? (await this.progress.nextStudentId());
    const ledger = options.dryRun ? new DryRunLedger() : undefined;
    const run: Run = { options, source, firstId, ledger, numbering: new NameNumbering() };
    let summary: ImportSummary = {
      read: 0,
      imported: 0,
      present: 0,
      rejected: 0,
      renamed: 0,
      continuedAfter: begun?.position ?? 0,
    };
    try {
      for await (const batch of batches(source.rows(summary.continuedAfter), source.batchSize)) {
        summary = add(summary, batch.length, await this.takeIn(run, batch));
        options.onProgress?.(summary);
      }
      if (!options.dryRun) await this.progress.complete(source.fingerprint);
      return summary;
    } finally {
      ledger?.close();
    }
  }

  private async takeIn(run: Run, batch: readonly SourceRow[]): Promise<Placed> {
    const unfit = batch.filter(isReject);
    const candidates = batch.filter((row): row is Candidate => !isReject(row));
    const placed = run.ledger
      ? await this.pretend(run, candidates, run.ledger)
      : await this.write(run, candidates, batch.at(-1)?.position ?? 0);
    for (const reject of [...unfit, ...placed.rejects].sort((a, b) => a.position - b.position)) {
      run.options.onReject?.(reject);
    }
    for (const candidate of placed.fresh)
      if (candidate.warning !== undefined) run.options.onWarning?.(candidate);
    return { ...placed, rejects: [...unfit, ...placed.rejects] };
  }

  private async pretend(run: Run, candidates: readonly Candidate[], ledger: DryRunLedger): Promise<Placed> {
    const query = this.database.query.bind(this.database);
    const holders = await findHolders(query, candidates);
    ledger.addTo(holders, candidates);
    const isFree = async (key: string) => !ledger.isTaken(key) && (await findKey(query, key)) === undefined;
    const placed = await this.placeAll(run, candidates, holders, isFree);
    ledger.take(placed.fresh);
    return placed;
  }

  private async write(run: Run, candidates: readonly Candidate[], position: number): Promise<Placed> {
    for (let retries = 0; ; retries += 1) {
      // Slow work first, outside the transaction, and only for those who look as if they came in.
      const hashes = await this.hashPlain(run, candidates);
      try {
        return await this.database.write(async (manager) => {
          const query = <Row>(sql: string, parameters: readonly unknown[]) =>
            this.database.queryWith<Row>(manager, sql, parameters);
          const holders = await findHolders(query, candidates);
          const isFree = async (key: string) => (await findKey(query, key)) === undefined;
          const placed = await this.placeAll(run, candidates, holders, isFree);
          await this.insert(run, manager, placed.fresh, hashes);
          await this.progress.reach(manager, run.source.fingerprint, position, run.firstId);
          return placed;
        });
      } catch (error) {
        if (!isUniqueViolation(error) || retries >= MOST_RETRIES) throw error;
      }
    }
  }

  private async insert(
    run: Run,
    manager: EntityManager,
    fresh: readonly Candidate[],
    hashes: ReadonlyMap<number, string>,
  ): Promise<void> {
    const hashed = fresh.map((candidate): HashedCandidate => {
      const hash = 'hash' in candidate.password ? candidate.password.hash : hashes.get(candidate.position);
      if (hash === undefined) throw new Error(`Row ${candidate.position} was not hashed.`);
      return { ...candidate, password: { hash } };
    });
    run.options.beforeCommit?.(fresh);
    await insertStudents(this.database, manager, hashed, this.clock.now());
  }

  private async placeAll(
    run: Run,
    candidates: readonly Candidate[],
    holders: Holders,
    isFree: (key: string) => Promise<boolean>,
  ): Promise<Placed> {
    const placed = { fresh: [] as Candidate[], rejects: [] as Reject[], present: 0, renamed: 0 };
    for (const candidate of candidates) {
      let placement = place(candidate, holders, run.firstId);
      if (
        run.options.renameDuplicates &&
        placement.kind === 'reject' &&
        placement.reject.reason === 'name is already taken'
      ) {
        const name = await freeName(run.numbering, candidate.name, holders, isFree);
        placement = place(candidate, holders, run.firstId, () => name);
        if (placement.kind === 'new') placed.renamed += 1;
      }
      if (placement.kind === 'new') placed.fresh.push(placement.candidate);
      else if (placement.kind === 'reject') placed.rejects.push(placement.reject);
      else placed.present += 1;
    }
    return placed;
  }

  /** Hashes by position; as many at once as there are threads for it, and a few waiting. */
  private async hashPlain(run: Run, candidates: readonly Candidate[]): Promise<ReadonlyMap<number, string>> {
    const hashes = new Map<number, string>();
    const plain = candidates.filter(({ password }) => 'plain' in password);
    if (plain.length === 0) return hashes;
    const holders = await findHolders(this.database.query.bind(this.database), plain);
    const queue = plain.filter(
      (each) => run.options.renameDuplicates || place(each, holders, run.firstId).kind === 'new',
    );
    const workers = Array.from({ length: this.settings.hashConcurrency * 2 }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if ('plain' in next.password) hashes.set(next.position, await this.hasher.hash(next.password.plain));
      }
    });
    await Promise.all(workers);
    return hashes;
  }
}

async function freeName(
  numbering: NameNumbering,
  name: string,
  holders: Holders,
  isFree: (key: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const numbered of numbering.of(name)) {
    const key = loginKey(numbered);
    if (!holders.byKey.has(key) && (await isFree(key))) return numbered;
  }
  return undefined;
}

async function findKey(
  query: <Row>(sql: string, parameters: readonly unknown[]) => Promise<Row[]>,
  key: string,
): Promise<number | undefined> {
  const rows = await query<{ student_id: number }>('SELECT student_id FROM login_key WHERE key = $1', [key]);
  return rows[0]?.student_id;
}

async function* batches(rows: AsyncIterable<SourceRow>, size: number): AsyncGenerator<SourceRow[]> {
  let batch: SourceRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function add(summary: ImportSummary, read: number, placed: Placed): ImportSummary {
  return {
    ...summary,
    read: summary.read + read,
    imported: summary.imported + placed.fresh.length,
    present: summary.present + placed.present,
    rejected: summary.rejected + placed.rejects.length,
    renamed: summary.renamed + placed.renamed,
  };
}
