import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { type Clock, SystemClock } from './common/clock.js';
import type { Settings } from './config/settings.js';
import { openDatabase } from './database/open-database.js';
import { entities } from './entities.js';
import { configureHttp } from './http/configure-http.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { shedUnderPressure } from './http/overload.js';
import { sendPages } from './http/page.js';
import { shedPasswordWork } from './http/shed-password-work.js';
import { configureSwagger } from './http/swagger.js';
import { NestLogger } from './observability/logging/nest-logger.js';
import { PasswordHasher } from './passwords/password-hasher.js';

/**
 * The whole application as it runs, ready to listen: what `main.ts` starts and every end-to-end test is made against.
 * @throws DatabaseStartError, KeyFileError
 */
export async function createApplication(
  settings: Settings,
  logger: Logger,
  clock: Clock = new SystemClock(),
): Promise<NestFastifyApplication> {
  const { database, migrated } = await openDatabase(settings.database, entities);
  for (const migration of migrated) logger.info({ migration }, 'schema brought up to date');
  try {
    const app = await NestFactory.create<NestFastifyApplication>(
      AppModule.with(settings, database, clock),
      createHttpAdapter(settings, logger),
      { logger: new NestLogger(logger), abortOnError: false },
    );
    if (settings.otlpEndpoint !== undefined) {
      const { startTracing } = await import('./observability/tracing/start-tracing.js');
      startTracing(app, settings.otlpEndpoint, logger);
    }
    configureHttp(app, settings);
    await shedUnderPressure(app.getHttpAdapter().getInstance());
    const hasher = app.get(PasswordHasher, { strict: false });
    shedPasswordWork(app.getHttpAdapter().getInstance(), () => hasher.refusal());
    sendPages(app.getHttpAdapter().getInstance());
    await configureSwagger(app);
    await app.init();
    return app;
  } catch (error) {
    await database.close();
    throw error;
  }
}
