import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { SessionCleanup } from './session-cleanup.service.js';
import { SessionList } from './session-list.service.js';
import { SessionPages } from './session-pages.service.js';
import { SessionRefresh } from './session-refresh.service.js';
import { SessionsController } from './sessions.controller.js';
import { Sessions } from './sessions.service.js';

@Module({
  imports: [AuditModule],
  controllers: [SessionsController],
  providers: [Sessions, SessionRefresh, SessionList, SessionPages, SessionCleanup],
  exports: [Sessions, SessionRefresh, SessionPages],
})
export class SessionsModule {}
