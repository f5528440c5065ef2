import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../access/principal.js';
import { Public } from '../access/public.decorator.js';
import { ApiFailures } from '../http/api-failures.decorator.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import type { Page } from '../http/page.js';
import { ListStudentsQuery } from './dto/list-students.query.js';
import { RegisterStudentDto } from './dto/register-student.dto.js';
import { StudentsResponse } from './dto/student.response.js';
import { Does, StudentPolicyGuard } from './student-policy.guard.js';
import { StudentsService } from './students.service.js';

@ApiTags('Students')
@UseGuards(StudentPolicyGuard)
@Controller('student')
export class StudentsController {
  constructor(private readonly students: StudentsService) {}

  @Public(({ registration }) => registration === 'open')
  @Does('register')
  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Register a student' })
  @ApiCreatedResponse({
    type: MessageResponse,
    example: { message: 'New stduent created!' },
    headers: { Location: { description: '/student/{public_id}', schema: { type: 'string' } } },
  })
  @ApiFailures([400, 401, 403, 409, 413, 415, 429, 503])
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
  @ApiSecurity('x-access-token')
  @ApiOperation({ summary: 'List the students, in order of registration' })
  @ApiOkResponse({
    type: StudentsResponse,
    headers: {
      Link: { description: '`<…>; rel="next"`, absent on the last page', schema: { type: 'string' } },
    },
  })
  @ApiFailures([400, 401, 403, 503], { 400: 'limit must be a whole number from 1 to 1000' })
  async list(@Query() query: ListStudentsQuery): Promise<Page<StudentsResponse>> {
    return await this.students.list(query);
  }

  @Does('read')
  @Get(':public_id')
  @ApiSecurity('x-access-token')
  @ApiOperation({ summary: 'Show one student' })
  @ApiOkResponse({ type: StudentsResponse })
  @ApiFailures([401, 403, 404, 503], { 404: 'No student found!' })
  async find(@Param('public_id') publicId: string): Promise<StudentsResponse> {
    return await this.students.find(publicId);
  }
}
