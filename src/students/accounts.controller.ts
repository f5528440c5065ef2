import { Body, Controller, Delete, Param, Patch, Put, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../access/current-principal.decorator.js';
import type { Caller, Principal } from '../access/principal.js';
import { ApiAccessToken } from '../http/api-access-token.decorator.js';
import { ApiFailures, invalidBody } from '../http/api-failures.decorator.js';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '../http/api.decorators.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import { AccountsService } from './accounts.service.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';
import { DeleteStudentDto } from './dto/delete-student.dto.js';
import { UPDATE_EXAMPLES, UpdateStudentDto } from './dto/update-student.dto.js';
import { NO_STUDENT, STUDENT_ID_PARAM } from './student-id.param.js';
import { Does, StudentPolicyGuard } from './student-policy.guard.js';

const NOT_PERMITTED_OR_WRONG_PASSWORD = {
  403: { description: 'Not permitted, or the current password is wrong.' },
};

const TAKEN_OR_LAST_ADMIN = {
  description: 'Another student holds the name or e-mail, or there would be no admin.',
  messages: ['The name is already taken.', 'The e-mail is already taken.', 'The last admin must stay.'],
};

@ApiTags('Accounts')
@ApiAccessToken()
@ApiParam(STUDENT_ID_PARAM)
@UseGuards(StudentPolicyGuard)
@Controller('student/:public_id')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Does('update')
  @Patch()
  @ApiOperation({
    summary: 'Change name, e-mail or role',
    description:
      'Name and e-mail: oneself or an admin; the role: an admin, and it ends the sessions of the student.',
  })
  @ApiBody({ type: UpdateStudentDto, examples: UPDATE_EXAMPLES })
  @ApiOkResponse({
    description: 'Updated.',
    type: MessageResponse,
    example: { message: 'The student has been updated!' },
  })
  @ApiFailures([400, 401, 403, 404, 409, 413, 415, 429], {
    ...NO_STUDENT,
    ...NOT_PERMITTED_OR_WRONG_PASSWORD,
    400: invalidBody('name, email or role must be given', 'current_password is required'),
    409: TAKEN_OR_LAST_ADMIN,
  })
  async update(
    @Param('public_id') publicId: string,
    @Body() changes: UpdateStudentDto,
    @CurrentPrincipal() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.accounts.update(principal, publicId, changes, caller);
    return { message: 'The student has been updated!' };
  }

  @Does('change-password')
  @Put('password')
  @ApiOperation({
    summary: 'Change the password',
    description: "Oneself, or an admin without `current_password`. The student's other sessions end.",
  })
  @ApiOkResponse({
    description: 'Changed.',
    type: MessageResponse,
    example: { message: 'The password has been changed!' },
  })
  @ApiFailures([400, 401, 403, 404, 413, 415, 429], {
    ...NO_STUDENT,
    ...NOT_PERMITTED_OR_WRONG_PASSWORD,
    400: invalidBody('new_password must be at least 8 characters', 'current_password is required'),
  })
  async changePassword(
    @Param('public_id') publicId: string,
    @Body() change: ChangePasswordDto,
    @CurrentPrincipal() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.accounts.changePassword(principal, publicId, change, caller);
    return { message: 'The password has been changed!' };
  }

  @Does('delete')
  @Delete()
  @ApiOperation({
    summary: 'Delete a student',
    description: 'An admin, without a body; oneself, with the current password.',
  })
  @ApiBody({ type: DeleteStudentDto, required: false })
  @ApiOkResponse({
    description: 'Deleted.',
    type: MessageResponse,
    example: { message: 'The student has been deleted!' },
  })
  @ApiFailures([400, 401, 403, 404, 409, 413, 415, 429], {
    ...NO_STUDENT,
    ...NOT_PERMITTED_OR_WRONG_PASSWORD,
    400: invalidBody('current_password is required'),
    409: { description: 'It is the last admin.', messages: ['The last admin must stay.'] },
  })
  async remove(
    @Param('public_id') publicId: string,
    @Body() { current_password: currentPassword }: DeleteStudentDto,
    @CurrentPrincipal() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.accounts.remove(principal, publicId, currentPassword, caller);
    return { message: 'The student has been deleted!' };
  }
}
