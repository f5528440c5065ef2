import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../lib/postgres.mjs';
import { cpuMsOfFamily } from '../lib/proc.mjs';

/** The bench's Postgres with its settings as they come, and what it has done so far. */
export async function startMeasuredPostgres() {
  let statements = 0;
  const server = await startPostgres((text) => {
    statements += String(text).match(/LOG: {2}(?:statement: |execute )/g)?.length ?? 0;
  });
  if (server === undefined) throw new Error('There is nothing to measure without a Postgres.');
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  /** Of several statements the last one's first row. */
  const ask = async (sql) => [await client.query(sql)].flat().at(-1).rows[0];
  const { data_directory: folder } = await ask('SHOW data_directory');
  const postmaster = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    url: server.url,
    ask,
    statements: () => statements,
    cpuMs: () => cpuMsOfFamily(postmaster),
    walBytes: async () =>
      Number((await ask(`SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bytes`)).bytes),
    set: async (settings) => {
      for (const [name, value] of Object.entries(settings))
        await ask(`ALTER SYSTEM SET ${name} = '${value}'`);
      await ask('SELECT pg_reload_conf()');
    },
    stop: async () => {
      await client.end();
      await server.stop();
    },
  };
}
