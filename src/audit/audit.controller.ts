import { Controller, Get, Query } from '@nestjs/common';
import { Roles } from '../access/roles.decorator.js';
import { ApiAccessToken } from '../http/api-access-token.decorator.js';
import { ApiFailures } from '../http/api-failures.decorator.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../http/api.decorators.js';
import { NEXT_LINK } from '../http/next-link.header.js';
import type { Page } from '../http/page.js';
import { AuditList } from './audit-list.service.js';
import { AuditEventsResponse } from './dto/audit-event.response.js';
import { ListAuditQuery } from './dto/list-audit.query.js';

@ApiTags('Operations')
@Controller('audit')
export class AuditController {
  constructor(private readonly events: AuditList) {}

  @Roles('admin')
  @Get()
  @ApiAccessToken()
  @ApiOperation({
    summary: 'Read the audit log (admins)',
    description: 'Who did what to whom, when and from where, newest first. Kept for `AUDIT_RETENTION`.',
  })
  @ApiOkResponse({ description: 'A page of events.', type: AuditEventsResponse, headers: NEXT_LINK })
  @ApiFailures([400, 401, 403], {
    400: { messages: ['since must be a time as in RFC 3339, such as 2026-01-31T09:30:00Z'] },
  })
  async list(@Query() query: ListAuditQuery): Promise<Page<AuditEventsResponse>> {
    return await this.events.page(query);
  }
}
