import { Controller, Delete, Get, Param, Query, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../access/current-principal.decorator.js';
import type { Caller, Principal } from '../access/principal.js';
import { ApiAccessToken } from '../http/api-access-token.decorator.js';
import { ApiFailures } from '../http/api-failures.decorator.js';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '../http/api.decorators.js';
import { NEXT_LINK } from '../http/next-link.header.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import { NoBody } from '../http/no-body.decorator.js';
import type { Page } from '../http/page.js';
import { SESSION_ID_PARAM } from '../sessions/session-id.param.js';
import { SessionsResponse } from '../sessions/session.response.js';
import { ListSessionsQuery } from './dto/list-sessions.query.js';
import { NO_STUDENT, STUDENT_ID_PARAM } from './student-id.param.js';
import { Does, StudentPolicyGuard } from './student-policy.guard.js';
import { StudentSessions } from './student-sessions.service.js';

/** A student's sessions, for admins. */
@ApiTags('Sessions')
@ApiAccessToken()
@ApiParam(STUDENT_ID_PARAM)
@UseGuards(StudentPolicyGuard)
@Controller('student/:public_id/session')
export class StudentSessionsController {
  constructor(private readonly sessions: StudentSessions) {}

  @Does('see-sessions')
  @Get()
  @ApiOperation({ summary: "List a student's sessions (admins)" })
  @ApiOkResponse({
    description: 'A page of sessions, newest first.',
    type: SessionsResponse,
    headers: NEXT_LINK,
  })
  @ApiFailures([400, 401, 403, 404], { ...NO_STUDENT, 400: { messages: ['ended must be true or false'] } })
  async list(
    @Param('public_id') publicId: string,
    @Query() query: ListSessionsQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Page<SessionsResponse>> {
    return await this.sessions.list(publicId, query, principal);
  }

  @NoBody()
  @Does('end-sessions')
  @Delete()
  @ApiOperation({ summary: "End all of a student's sessions (admins)" })
  @ApiOkResponse({
    description: 'Ended.',
    type: MessageResponse,
    example: { message: 'All sessions revoked!' },
  })
  @ApiFailures([401, 403, 404], NO_STUDENT)
  async endAll(
    @Param('public_id') publicId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.sessions.endAll(publicId, caller);
    return { message: 'All sessions revoked!' };
  }

  @NoBody()
  @Does('end-sessions')
  @Delete(':id')
  @ApiOperation({ summary: "End one of a student's sessions (admins)" })
  @ApiOkResponse({ description: 'Ended.', type: MessageResponse, example: { message: 'Session revoked!' } })
  @ApiParam(SESSION_ID_PARAM)
  @ApiFailures([401, 403, 404], {
    404: {
      description: 'There is no such student or session.',
      messages: ['No student found!', 'Not found'],
    },
  })
  async end(
    @Param('public_id') publicId: string,
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.sessions.end(publicId, id, caller);
    return { message: 'Session revoked!' };
  }
}
