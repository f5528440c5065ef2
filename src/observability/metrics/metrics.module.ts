import { Module } from '@nestjs/common';
import { PasswordsModule } from '../../passwords/passwords.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.service.js';

@Module({
  imports: [PasswordsModule, SessionsModule],
  controllers: [MetricsController],
  providers: [Metrics],
})
export class MetricsModule {}
