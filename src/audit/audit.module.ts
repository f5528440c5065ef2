import { Module } from '@nestjs/common';
import { AuditList } from './audit-list.service.js';
import { AuditLog } from './audit-log.service.js';
import { AuditRetention } from './audit-retention.service.js';
import { AuditController } from './audit.controller.js';
import { FailedChecks } from './failed-checks.service.js';

@Module({
  controllers: [AuditController],
  providers: [AuditLog, FailedChecks, AuditList, AuditRetention],
  exports: [AuditLog, FailedChecks],
})
export class AuditModule {}
