import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { LiveSessions } from './live-sessions.service.js';
import { SessionCleanup } from './session-cleanup.service.js';
import { SessionList } from './session-list.service.js';
import { SessionPages } from './session-pages.service.js';
import { SessionRefresh } from './session-refresh.service.js';
import { SessionsController } from './sessions.controller.js';
import { Sessions } from './sessions.service.js';

@Module({
  imports: [AuditModule],
  controllers: [SessionsController],
  providers: [Sessions, SessionRefresh, SessionList, SessionPages, SessionCleanup, LiveSessions],
  exports: [Sessions, SessionRefresh, SessionPages, LiveSessions],
})
export class SessionsModule {}
