import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SystemClock } from '../common/clock.js';
import { ClockModule } from '../common/clock.module.js';
import { loadSettings } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';
import { SettingsModule } from '../config/settings.module.js';
import { DatabaseModule } from '../database/database.module.js';
import { openDatabase, type OpenedDatabase } from '../database/open-database.js';
import { entities } from '../entities.js';
import { StudentsModule } from '../students/students.module.js';
import { TokensModule } from '../tokens/tokens.module.js';

/** What commands work with: the server's own services, without HTTP, guards or scheduled jobs. */
@Module({})
class CommandModule {}

export interface CommandApplication {
  readonly context: INestApplicationContext;
  readonly settings: Settings;
  readonly migrated: OpenedDatabase['migrated'];
}

/** Opens the application for one command, and closes it whatever happens. */
export async function withApplication<T>(work: (application: CommandApplication) => Promise<T>): Promise<T> {
  const settings = loadSettings();
  const { database, migrated } = await openDatabase(settings.database, entities);
  const module = {
    module: CommandModule,
    imports: [
      SettingsModule.with(settings),
      DatabaseModule.with(database),
      ClockModule.with(new SystemClock()),
      TokensModule,
      StudentsModule,
    ],
  };
  const context = await NestFactory.createApplicationContext(module, {
    logger: ['error', 'warn'],
    abortOnError: false,
  }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  try {
    return await work({ context, settings, migrated });
  } finally {
    await context.close();
  }
}
