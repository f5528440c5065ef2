import { Column, Entity, PrimaryColumn } from 'typeorm';
import { epochMilliseconds } from '../../database/epoch-milliseconds.js';

/** How far an import has come: written in the transaction of each batch, removed when the import is complete. */
@Entity('import_run')
export class ImportRun {
  /** The source's fingerprint. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'import_run_pk' })
  source!: string;

  /** The last position that has been dealt with. */
  @Column('bigint')
  position!: number;

  /** Students from this id on may be of this import; those before it are not. */
  @Column('integer', { name: 'first_id' })
  firstId!: number;

  @Column({ ...epochMilliseconds, name: 'updated_at' })
  updatedAt!: number;
}
