import { DataSource } from 'typeorm';

/** Columns compared byte by byte in both databases: SQLite does so by itself, Postgres under the collation "C". */
const BYTE_ORDERED = new Set(['login_key.key']);

/**
 * An entity is written once for both databases, but its collation has a name in Postgres alone; it is set here, so
 * that generated migrations carry it.
 */
export class ByteOrderedDataSource extends DataSource {
  protected override async buildMetadatas(): Promise<void> {
    await super.buildMetadatas();
    if (this.options.type !== 'postgres') return;
    for (const entity of this.entityMetadatas) {
      for (const column of entity.columns) {
        if (BYTE_ORDERED.has(`${entity.tableName}.${column.databaseName}`)) column.collation = 'C';
      }
    }
  }
}
