import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../access/current-principal.decorator.js';
import type { Caller, Principal } from '../access/principal.js';
import { ApiFailures } from '../http/api-failures.decorator.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import { NoBody } from '../http/no-body.decorator.js';
import { PageQuery } from '../http/page-query.dto.js';
import type { Page } from '../http/page.js';
import { SessionPages } from './session-pages.service.js';
import { SessionsResponse } from './session.response.js';
import { Sessions } from './sessions.service.js';

/** One's own sessions. */
@ApiTags('Sessions')
@ApiSecurity('x-access-token')
@Controller('session')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly pages: SessionPages,
  ) {}

  @Get()
  @ApiOperation({ summary: "List one's own live sessions, newest first" })
  @ApiOkResponse({ type: SessionsResponse })
  @ApiFailures([400, 401, 503], { 400: 'limit must be a whole number from 1 to 1000' })
  async list(
    @Query() query: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<SessionsResponse>> {
    return await this.pages.page(principal.studentId, query, principal);
  }

  @NoBody()
  @Delete()
  @ApiOperation({ summary: "End all of one's own sessions, this one too" })
  @ApiOkResponse({ type: MessageResponse, example: { message: 'All sessions revoked!' } })
  @ApiFailures([401, 503])
  async endAll(
    @CurrentPrincipal() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.sessions.endAll(principal.studentId, 'owner', caller);
    return { message: 'All sessions revoked!' };
  }

  @NoBody()
  @Delete(':id')
  @ApiOperation({ summary: "End one of one's own sessions" })
  @ApiOkResponse({ type: MessageResponse, example: { message: 'Session revoked!' } })
  @ApiFailures([401, 404, 503])
  async end(
    @Param('id') id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.sessions.end(principal.studentId, id, 'owner', caller);
    return { message: 'Session revoked!' };
  }
}
