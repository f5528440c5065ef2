import { jest } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { DatabaseSettings } from '../../src/config/settings.js';

/** As the driver was given it. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Every statement that is sent to a database from now on, taken down at the drivers themselves: nothing gets past them,
 * neither TypeORM, nor the kept statements of `Database`, nor the throttle's library, nor doctor's own connection.
 * `jest.restoreAllMocks()` ends it.
 */
export function sentStatements(database: DatabaseSettings): Statement[] {
  return database.kind === 'sqlite' ? preparedOn(database.file) : sentByPg();
}

type Prepare = (this: Sqlite.Database, sql: string) => unknown;

/** Of this file alone: what an import reads from is another one. */
function preparedOn(file: string): Statement[] {
  const sent: Statement[] = [];
  const prototype = Sqlite.prototype as unknown as Record<'prepare' | 'exec', Prepare>;
  for (const method of ['prepare', 'exec'] as const) {
    const original = prototype[method];
    jest.spyOn(prototype, method).mockImplementation(function (this: Sqlite.Database, sql) {
      if (this.name === file) sent.push({ sql, parameters: [] });
      return original.call(this, sql);
    });
  }
  return sent;
}

type Query = (
  this: pg.Client,
  config: string | pg.QueryConfig,
  values?: unknown[],
  ...rest: unknown[]
) => unknown;

function sentByPg(): Statement[] {
  const sent: Statement[] = [];
  const client = pg.Client.prototype as unknown as { query: Query };
  const { query } = client;
  jest.spyOn(client, 'query').mockImplementation(function (this: pg.Client, config, values, ...rest) {
    if (typeof config === 'string')
      sent.push({ sql: config, parameters: Array.isArray(values) ? values : [] });
    else sent.push({ sql: config.text, parameters: config.values ?? [] });
    return query.call(this, config, values, ...rest);
  });
  return sent;
}
