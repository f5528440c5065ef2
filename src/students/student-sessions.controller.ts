import { Controller, Delete, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../access/current-principal.decorator.js';
import type { Caller, Principal } from '../access/principal.js';
import { ApiFailures } from '../http/api-failures.decorator.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import { NoBody } from '../http/no-body.decorator.js';
import type { Page } from '../http/page.js';
import { SessionsResponse } from '../sessions/session.response.js';
import { ListSessionsQuery } from './dto/list-sessions.query.js';
import { Does, StudentPolicyGuard } from './student-policy.guard.js';
import { StudentSessions } from './student-sessions.service.js';

const NO_STUDENT = { 404: 'No student found!' };

/** A student's sessions, for admins. */
@ApiTags('Sessions')
@ApiSecurity('x-access-token')
@UseGuards(StudentPolicyGuard)
@Controller('student/:public_id/session')
export class StudentSessionsController {
  constructor(private readonly sessions: StudentSessions) {}

  @Does('see-sessions')
  @Get()
  @ApiOperation({ summary: "List a student's sessions (admins)" })
  @ApiOkResponse({ type: SessionsResponse })
  @ApiFailures([400, 401, 403, 404, 503], { ...NO_STUDENT, 400: 'ended must be true or false' })
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
  @ApiOkResponse({ type: MessageResponse, example: { message: 'All sessions revoked!' } })
  @ApiFailures([401, 403, 404, 503], NO_STUDENT)
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
  @ApiOkResponse({ type: MessageResponse, example: { message: 'Session revoked!' } })
  @ApiFailures([401, 403, 404, 503], NO_STUDENT)
  async end(
    @Param('public_id') publicId: string,
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.sessions.end(publicId, id, caller);
    return { message: 'Session revoked!' };
  }
}
