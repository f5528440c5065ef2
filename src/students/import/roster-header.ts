import { ImportSourceError } from './import-source-error.js';

/** What a roster can say of a student; those from `public_id` on are in what `export` wrote. */
export const COLUMNS = [
  'name',
  'email',
  'password',
  'role',
  'public_id',
  'password_hash',
  'created_at',
] as const;
export type Column = (typeof COLUMNS)[number];

/** The columns that a header names, in its order, whatever its case. @throws ImportSourceError */
export function columnsOf(header: readonly string[]): Column[] {
  const names = header.map((cell) => cell.trim().toLowerCase());
  if (!names.includes('name') || !names.includes('email')) {
    throw new ImportSourceError('the first line must be the header: name,email[,password][,role]');
  }
  const unknown = names.filter((name) => !(COLUMNS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    const told = unknown.map((name) => JSON.stringify(name.slice(0, 50))).join(', ');
    throw new ImportSourceError(`the header has unknown columns: ${told}`);
  }
  if (new Set(names).size < names.length) throw new ImportSourceError('the header names a column twice');
  return names as Column[];
}

/** Spreadsheets of much of Europe write semicolons. None of the columns' names holds either. */
export function delimiterOf(header: string): ',' | ';' {
  return header.includes(';') && !header.includes(',') ? ';' : ',';
}
