import { randomInt } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { guardCell, unguardCell } from '../formula-guard.js';
import type { Candidate } from './candidate.js';
import { StepFile } from './step-file.js';

/** Without letters and digits that are taken for each other when read off paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 15 × log2(31) ≈ 74 bits. */
const GROUPS = 3;
const GROUP_LENGTH = 5;
const HEADER = 'name,email,password';

/** A line of the file. */
export interface GivenCredentials {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/**
 * The passwords that an import made up, for handing out, as CSV. A password is on the disk before the student is in
 * the database; those of a batch that never came in are taken out again when the import goes on.
 */
export class CredentialsFile {
  private readonly file: StepFile;

  /** @throws ImportSourceError */
  constructor(file: string) {
    this.file = new StepFile(file, HEADER, true);
  }

  /** Drops from the end those with whom nobody can log in: left by a run that was broken off within a batch. */
  async dropUnused(logsIn: (credentials: GivenCredentials) => Promise<boolean>): Promise<void> {
    for (let line = this.file.lastLine(); line !== undefined; line = this.file.lastLine()) {
      const credentials = credentialsOf(line);
      if (credentials && (await logsIn(credentials))) return;
      this.file.dropLastLine();
    }
  }

  /** What was made up for the students of the batch under way. */
  write(students: readonly Candidate[]): void {
    const rows = students.flatMap(({ name, email, password }) =>
      'plain' in password && password.madeUp === true
        ? [[guardCell(name), guardCell(email), password.plain]]
        : [],
    );
    this.file.write(stringify(rows));
    if (rows.length > 0) this.file.sync();
  }

  /** The batch is in the database. */
  keep(): void {
    this.file.keep();
  }

  close(): void {
    this.file.close();
  }
}

/** A password nobody has to choose: 15 letters and digits in groups. */
export function newPassword(): string {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

function credentialsOf(line: string): GivenCredentials | undefined {
  const [cells = []]: string[][] = parse(line, { relax_quotes: true, relax_column_count: true });
  const [name, email, password] = cells;
  if (name === undefined || email === undefined || password === undefined) return undefined;
  return { name: unguardCell(name), email: unguardCell(email), password };
}
