import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { CurrentPrincipal } from '../access/current-principal.decorator.js';
import type { Caller, Principal } from '../access/principal.js';
import { ApiAccessToken } from '../http/api-access-token.decorator.js';
import { ApiFailures } from '../http/api-failures.decorator.js';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '../http/api.decorators.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import { NEXT_LINK } from '../http/next-link.header.js';
import { NoBody } from '../http/no-body.decorator.js';
import { PageQuery } from '../http/page-query.dto.js';
import type { Page } from '../http/page.js';
import { SESSION_ID_PARAM } from './session-id.param.js';
import { SessionPages } from './session-pages.service.js';
import { SessionsResponse } from './session.response.js';
import { Sessions } from './sessions.service.js';

/** One's own sessions. */
@ApiTags('Sessions')
@ApiAccessToken()
@Controller('session')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly pages: SessionPages,
  ) {}

  @Get()
  @ApiOperation({ summary: "List one's own live sessions, newest first" })
  @ApiOkResponse({ description: 'A page of sessions.', type: SessionsResponse, headers: NEXT_LINK })
  @ApiFailures([400, 401])
  async list(
    @Query() query: PageQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<SessionsResponse>> {
    return await this.pages.page(principal.studentId, query, principal);
  }

  @NoBody()
  @Delete()
  @ApiOperation({ summary: "End all of one's own sessions, this one too" })
  @ApiOkResponse({
    description: 'Ended.',
    type: MessageResponse,
    example: { message: 'All sessions revoked!' },
  })
  @ApiFailures([401])
  async endAll(
    @CurrentPrincipal() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.sessions.endAll(principal, 'owner', caller);
    return { message: 'All sessions revoked!' };
  }

  @NoBody()
  @Delete(':id')
  @ApiOperation({ summary: "End one of one's own sessions" })
  @ApiOkResponse({ description: 'Ended.', type: MessageResponse, example: { message: 'Session revoked!' } })
  @ApiParam(SESSION_ID_PARAM)
  @ApiFailures([401, 404], { 404: { description: "It is not one of one's own live sessions." } })
  async end(
    @Param('id') id: string,
    @CurrentPrincipal() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.sessions.end(principal, id, 'owner', caller);
    return { message: 'Session revoked!' };
  }
}
