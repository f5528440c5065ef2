import Sqlite from 'better-sqlite3';

/** What an event holds beside its time, in the database as on the wire. */
export interface AuditedRow {
  readonly action: string;
  readonly actor: string | null;
  readonly student: string | null;
  readonly ip: string | null;
  readonly user_agent: string;
  readonly request_id: string;
}

/** The audit log in a SQLite file that another process may be writing, oldest first. */
export function auditOf(file: string): AuditedRow[] {
  const database = new Sqlite(file, { readonly: true });
  try {
    return database.prepare('SELECT * FROM audit_event ORDER BY id').all() as AuditedRow[];
  } finally {
    database.close();
  }
}
