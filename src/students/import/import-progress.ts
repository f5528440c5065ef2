import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { Database } from '../../database/database.js';
import { BEFORE_ALL } from './candidate.js';

export interface Begun {
  /** `BEFORE_ALL` until the first batch is in. */
  readonly position: number;
  /** No student of this import has a lower id. */
  readonly firstId: number;
}

/** Where a broken-off import stopped. */
@Injectable()
export class ImportProgress {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async find(source: string): Promise<Begun | undefined> {
    const sql = 'SELECT position, first_id FROM import_run WHERE source = $1';
    const [row] = await this.database.query<{ position: string | number; first_id: number }>(sql, [source]);
    return row && { position: Number(row.position), firstId: row.first_id };
  }

  /** Notes an import before its first batch, so that nothing it leaves behind, in files too, is taken for a whole. */
  async begin(source: string): Promise<Begun> {
    const begun = { position: BEFORE_ALL, firstId: await this.nextStudentId() };
    await this.database.write((manager) => this.reach(manager, source, begun));
    return begun;
  }

  /** An id that no student has had so far. */
  async nextStudentId(): Promise<number> {
    const [row] = await this.database.query<{ last: number | null }>('SELECT max(id) AS last FROM student');
    return (row?.last ?? 0) + 1;
  }

  async reach(manager: EntityManager, source: string, { position, firstId }: Begun): Promise<void> {
    await this.database.executeWith(
      manager,
      `INSERT INTO import_run (source, position, first_id, updated_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (source) DO UPDATE SET position = excluded.position, updated_at = excluded.updated_at`,
      [source, position, firstId, this.clock.now()],
    );
  }

  async complete(source: string): Promise<void> {
    await this.database.write((manager) =>
      this.database.executeWith(manager, 'DELETE FROM import_run WHERE source = $1', [source]),
    );
  }
}
