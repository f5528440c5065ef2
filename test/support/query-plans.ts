import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { DatabaseSettings } from '../../src/config/settings.js';
import type { Statement } from './sent-statements.js';

export interface Plan {
  /** A line for each step. */
  readonly steps: readonly string[];
  /** The steps whose cost grows with a table: it is read from end to end, or sorted. */
  readonly faults: readonly string[];
}

export interface Planner {
  planOf(statement: Statement): Promise<Plan>;
  close(): Promise<void>;
}

export async function openPlanner(database: DatabaseSettings): Promise<Planner> {
  return database.kind === 'sqlite' ? planSqlite(database.file) : await planPostgres(database.url);
}

/**
 * SQLite plans by the schema alone: without ANALYZE, which the program never runs, it knows nothing of the rows. The plan
 * of an empty table is that of a million. What a foreign key does to other tables is among the steps.
 */
function planSqlite(file: string): Planner {
  const connection = new Sqlite(file, { readonly: true });
  return {
    planOf: ({ sql }) => {
      const explained = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`);
      const unbound = new Array<null>((sql.match(/\?/g) ?? []).length).fill(null);
      const steps = (explained.all(...unbound) as { detail: string }[]).map(({ detail }) => detail);
      return Promise.resolve({ steps, faults: steps.filter((step) => readsTheWhole(step, sql)) });
    },
    close: () => Promise.resolve(void connection.close()),
  };
}

/** A scan of an index is one too; that of what the statement itself makes, its VALUES or a subquery with a name, is none. */
function readsTheWhole(step: string, sql: string): boolean {
  const [, scanned = ''] = /^SCAN (.+)$/.exec(step) ?? [];
  if (/^(?:CONSTANT ROW|\d+-ROW VALUES CLAUSE)$/.test(scanned) || sql.includes(`) AS ${scanned}`))
    return false;
  return /^SCAN |USE TEMP B-TREE|AUTOMATIC/.test(step);
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly Node[];
}

const READS_INDEX = new Set(['Index Scan', 'Index Only Scan', 'Bitmap Index Scan']);
const READS_ALL = new Set(['Seq Scan', 'Hash', 'Materialize']);
const SORTS = new Set(['Sort', 'Incremental Sort']);
/** The largest page. So few, once an index has found them, Postgres likes to sort rather than to read in order. */
const A_PAGE = 1_000;

interface Step {
  readonly node: Node;
  readonly parent: Node | undefined;
}

/**
 * Postgres plans by what it knows of the rows, so the tables are full and analysed, and the values are those that were
 * sent: this is the plan that it carries out. (`enable_seqscan = off` would show no more than that an index could serve.)
 */
async function planPostgres(url: string): Promise<Planner> {
  const client = new pg.Client(url);
  await client.connect();
  return {
    planOf: async ({ sql, parameters }) => {
      const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
        `EXPLAIN (FORMAT JSON) ${sql}`,
        parameters as unknown[],
      );
      const steps = rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => stepsOf(Plan)));
      return { steps: steps.map(told), faults: steps.filter(grows).map(told) };
    },
    close: () => client.end(),
  };
}

function stepsOf(node: Node, parent?: Node): Step[] {
  return [{ node, parent }, ...(node.Plans ?? []).flatMap((child) => stepsOf(child, node))];
}

/** An index may be read from an end on where the first that come are all that is wanted. */
function grows({ node, parent }: Step): boolean {
  if (SORTS.has(node['Node Type'])) return node['Plan Rows'] > A_PAGE;
  if (!READS_INDEX.has(node['Node Type'])) return READS_ALL.has(node['Node Type']);
  const firstOnes = parent?.['Node Type'] === 'Limit' && node.Filter === undefined;
  return node['Index Cond'] === undefined && !firstOnes;
}

function told({ node }: Step): string {
  const parts = [node['Node Type'], node['Relation Name'], node['Index Name'], node['Index Cond']];
  return parts.filter((part) => part !== undefined).join(' ');
}
