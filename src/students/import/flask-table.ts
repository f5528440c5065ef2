import type Sqlite from 'better-sqlite3';

/** Where a Flask app of the family keeps its students. */
export interface FlaskTable {
  readonly name: string;
  /** In lower case. */
  readonly columns: ReadonlySet<string>;
}

/** The original's, and that of the tutorials of the same family. */
const TABLES = ['student', 'user'];

/** The first of the tables that has names and passwords. Views and tables without a rowid have no order to go by. */
export function findFlaskTable(connection: Sqlite.Database): FlaskTable | undefined {
  const tables = connection.pragma('table_list') as {
    schema: string;
    name: string;
    type: string;
    wr: number;
  }[];
  return TABLES.flatMap((wanted) =>
    tables
      .filter(({ schema, name, type, wr }) => {
        return schema === 'main' && type === 'table' && wr === 0 && name.toLowerCase() === wanted;
      })
      .map(({ name }) => {
        const columns = connection.pragma(`table_info("${name}")`) as { name: string }[];
        return { name, columns: new Set(columns.map((column) => column.name.toLowerCase())) };
      }),
  ).find(({ columns }) => columns.has('name') && columns.has('password'));
}
