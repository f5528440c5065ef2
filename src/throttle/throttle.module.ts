import { Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { LoginThrottle } from './login-throttle.js';
import { MemoryThrottleStore } from './memory-throttle-store.js';
import { PostgresThrottleStore } from './postgres-throttle-store.js';
import { RegistrationThrottle } from './registration-throttle.js';
import { ThrottleStore } from './throttle-store.js';

@Module({
  providers: [
    {
      provide: ThrottleStore,
      inject: [Settings, Database],
      useFactory: (settings: Settings, database: Database): ThrottleStore =>
        settings.database.kind === 'postgres'
          ? new PostgresThrottleStore(database)
          : new MemoryThrottleStore(),
    },
    LoginThrottle,
    RegistrationThrottle,
  ],
  exports: [LoginThrottle, RegistrationThrottle],
})
export class ThrottleModule {}
