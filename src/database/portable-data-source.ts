import { DataSource } from 'typeorm';

/** Columns compared byte by byte in both databases: SQLite does so by itself, Postgres under the collation "C". */
const BYTE_ORDERED = new Set(['login_key.key']);

/** Ids of 64 bits: SQLite's all are, Postgres' `serial` ends at 2,147,483,647, which a log can reach. */
const WIDE_IDS = new Set(['audit_event.id']);

/**
 * An entity is written once for both databases; what has a name in Postgres alone is set here, so that generated
 * migrations carry it.
 */
export class PortableDataSource extends DataSource {
  protected override async buildMetadatas(): Promise<void> {
    await super.buildMetadatas();
    if (this.options.type !== 'postgres') return;
    for (const entity of this.entityMetadatas) {
      for (const column of entity.columns) {
        const name = `${entity.tableName}.${column.databaseName}`;
        if (BYTE_ORDERED.has(name)) column.collation = 'C';
        if (WIDE_IDS.has(name)) column.type = 'bigint';
      }
    }
  }
}
