import { randomInt } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { guardCell, unguardCell } from '../formula-guard.js';

/** Without letters and digits that are taken for each other when read off paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 15 × log2(31) ≈ 74 bits. */
const GROUPS = 3;
const GROUP_LENGTH = 5;

interface Credentials {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/**
 * The passwords that an import made up, for handing out: CSV, mode 0600. A password is on the disk before the student
 * is in the database, and a run that goes on after a break gives out those that are written already.
 */
export class CredentialsFile {
  private readonly given = new Map<string, string>();
  private readonly written = new Set<string>();
  private readonly descriptor: number;

  constructor(file: string) {
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    for (const row of parse<Credentials>(before, { columns: true, bom: true, relax_column_count: true })) {
      this.given.set(idOf({ name: unguardCell(row.name), email: unguardCell(row.email) }), row.password);
      this.written.add(idOf({ name: unguardCell(row.name), email: unguardCell(row.email) }));
    }
    this.descriptor = openSync(file, 'a', 0o600);
    if (before === '') writeSync(this.descriptor, 'name,email,password\n');
  }

  readonly makePassword = (row: { readonly name: string; readonly email: string }): string => {
    const id = idOf(row);
    const password = this.given.get(id) ?? newPassword();
    this.given.set(id, password);
    return password;
  };

  /** Adds those of the students whose passwords are of this file's making. */
  write(
    students: readonly { readonly name: string; readonly email: string; readonly madeFor: string }[],
  ): void {
    const fresh = students.filter(({ madeFor }) => this.given.has(madeFor) && !this.written.has(madeFor));
    if (fresh.length === 0) return;
    const rows = fresh.map(({ name, email, madeFor }) => [
      guardCell(name),
      guardCell(email),
      this.given.get(madeFor),
    ]);
    writeSync(this.descriptor, stringify(rows));
    fsyncSync(this.descriptor);
    for (const { madeFor } of fresh) this.written.add(madeFor);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** How the file knows a row again. */
export function idOf({ name, email }: { readonly name: string; readonly email: string }): string {
  return JSON.stringify([name.trim(), email]);
}

function newPassword(): string {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
