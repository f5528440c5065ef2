import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Database } from '../../src/database/database.js';
import { createApplication } from '../../src/app.setup.js';
import type { Settings } from '../../src/config/settings.js';
import { createLogger } from '../../src/observability/logging/logger.js';
import { FrozenClock } from './frozen-clock.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { testSettings } from './test-settings.js';

export interface TestApp {
  readonly app: NestFastifyApplication;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly clock: FrozenClock;
  readonly database: Database;
  readonly settings: Settings;
  /** The log's lines so far, as objects. */
  logged(): Record<string, unknown>[];
  /** Stops the application and removes its database. */
  close(): Promise<void>;
}

/** The whole application on a free port and a database of its own, as `main.ts` makes it, with a frozen clock. */
export async function startApp(
  overrides: Partial<Settings> = {},
  given?: TestDatabase,
  clock = new FrozenClock(),
): Promise<TestApp> {
  const testDatabase = given ?? (await createTestDatabase());
  const settings = testSettings(testDatabase.settings, { logLevel: 'debug', ...overrides });
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
      done();
    },
  });
  const app = await createApplication(settings, createLogger(settings, sink), clock);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    clock,
    database: app.get(Database),
    settings,
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    close: async () => {
      await app.close();
      if (!given) await testDatabase.drop();
    },
  };
}
