import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import type { Clock } from './common/clock.js';
import { ClockModule } from './common/clock.module.js';
import type { Settings } from './config/settings.js';
import { SettingsModule } from './config/settings.module.js';
import type { Database } from './database/database.js';
import { DatabaseModule } from './database/database.module.js';
import { HttpModule } from './http/http.module.js';
import { HealthModule } from './observability/health/health.module.js';
import { MetricsModule } from './observability/metrics/metrics.module.js';
import { StudentsModule } from './students/students.module.js';
import { TokensModule } from './tokens/tokens.module.js';

/** The wiring list; the only module that knows every feature. */
@Module({})
export class AppModule {
  static with(settings: Settings, database: Database, clock: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.with(settings),
        DatabaseModule.with(database),
        ClockModule.with(clock),
        HttpModule,
        ScheduleModule.forRoot(),
        AuditModule,
        TokensModule,
        StudentsModule,
        AuthModule,
        HealthModule,
        MetricsModule,
      ],
    };
  }
}
