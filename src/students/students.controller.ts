import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../access/principal.js';
import { Public } from '../access/public.decorator.js';
import { ApiAccessToken } from '../http/api-access-token.decorator.js';
import { ApiFailures, invalidBody } from '../http/api-failures.decorator.js';
import {
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiSecurity,
  ApiTags,
} from '../http/api.decorators.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import { NEXT_LINK } from '../http/next-link.header.js';
import type { Page } from '../http/page.js';
import { PasswordWork } from '../http/shed-password-work.js';
import { ListStudentsQuery } from './dto/list-students.query.js';
import { RegisterStudentDto } from './dto/register-student.dto.js';
import { StudentsResponse } from './dto/student.response.js';
import { NO_STUDENT, STUDENT_ID_PARAM } from './student-id.param.js';
import { Does, StudentPolicyGuard } from './student-policy.guard.js';
import { StudentsService } from './students.service.js';

@ApiTags('Students')
@UseGuards(StudentPolicyGuard)
@Controller('student')
export class StudentsController {
  constructor(private readonly students: StudentsService) {}

  @Public(({ registration }) => registration === 'open')
  @Does('register')
  @PasswordWork()
  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Register a student',
    description: 'Open to everybody, or with `REGISTRATION=admins` to admins alone (401, 403).',
  })
  @ApiSecurity({})
  @ApiAccessToken()
  @ApiCreatedResponse({
    description: 'Registered.',
    type: MessageResponse,
    example: { message: 'New stduent created!' },
    headers: { Location: { description: '`/student/{public_id}`', schema: { type: 'string' } } },
  })
  @ApiFailures([400, 401, 403, 409, 413, 415, 429], {
    400: invalidBody(
      'name is required; email must be a valid e-mail address; password is required',
      'role is not allowed',
    ),
  })
  async register(
    @Body() student: RegisterStudentDto,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageResponse> {
    const publicId = await this.students.register(student, caller);
    void reply.header('location', `/student/${publicId}`);
    return { message: 'New stduent created!' };
  }

  @Does('list')
  @Get()
  @ApiAccessToken()
  @ApiOperation({
    summary: 'List the students',
    description: 'In order of registration, page by page. With `ROSTER=admins` for admins alone (403).',
  })
  @ApiOkResponse({
    description: 'A page of students.',
    type: StudentsResponse,
    headers: NEXT_LINK,
  })
  @ApiFailures([400, 401, 403], {
    400: { messages: ['limit must be a whole number from 1 to 1000', 'role must be user or admin'] },
  })
  async list(@Query() query: ListStudentsQuery): Promise<Page<StudentsResponse>> {
    return await this.students.list(query);
  }

  @Does('read')
  @Get(':public_id')
  @ApiAccessToken()
  @ApiOperation({ summary: 'Show one student' })
  @ApiParam(STUDENT_ID_PARAM)
  @ApiOkResponse({ description: 'The one student, as the list shows it.', type: StudentsResponse })
  @ApiFailures([401, 403, 404], NO_STUDENT)
  async find(@Param('public_id') publicId: string): Promise<StudentsResponse> {
    return await this.students.find(publicId);
  }
}
