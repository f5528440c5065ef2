import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';

export interface ExportedStudent {
  readonly public_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  /** RFC 3339. */
  readonly created_at: string;
  readonly password_hash?: string;
}

interface Row {
  readonly id: number;
  readonly public_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly password: string;
  readonly created_at: string | number;
}

const PAGE = 1_000;

/** Every student in order of registration, a page at a time by keyset: memory stays flat and no lock is held. */
@Injectable()
export class StudentExporter {
  constructor(private readonly database: Database) {}

  async *students(withHashes: boolean): AsyncGenerator<ExportedStudent> {
    for (let after = 0, more = true; more;) {
      const rows = await this.database.query<Row>(
        `SELECT id, public_id, name, email, role, password, created_at FROM student
          WHERE id > $1 ORDER BY id LIMIT $2`,
        [after, PAGE],
      );
      for (const row of rows) yield exported(row, withHashes);
      after = rows.at(-1)?.id ?? after;
      more = rows.length === PAGE;
    }
  }
}

function exported(row: Row, withHashes: boolean): ExportedStudent {
  return {
    public_id: row.public_id,
    name: row.name,
    email: row.email,
    role: row.role,
    created_at: new Date(Number(row.created_at)).toISOString(),
    ...(withHashes ? { password_hash: row.password } : {}),
  };
}
