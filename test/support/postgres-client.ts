import pg from 'pg';

/** A connection of the test's own, past the servers that it looks at. */
export interface PostgresClient {
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  end(): Promise<void>;
}

export async function onPostgres(url: string): Promise<PostgresClient> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    query: async (sql, parameters = []) =>
      (await client.query<Record<string, unknown>>(sql, [...parameters])).rows,
    end: () => client.end(),
  };
}
