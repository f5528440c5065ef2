import { Module } from '@nestjs/common';
import { SessionCleanup } from './session-cleanup.service.js';
import { SessionList } from './session-list.service.js';
import { SessionRefresh } from './session-refresh.service.js';
import { Sessions } from './sessions.service.js';

@Module({
  providers: [Sessions, SessionRefresh, SessionList, SessionCleanup],
  exports: [Sessions, SessionRefresh, SessionList],
})
export class SessionsModule {}
