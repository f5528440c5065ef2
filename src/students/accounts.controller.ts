import { Body, Controller, Delete, Param, Patch, Put, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../access/current-principal.decorator.js';
import type { Caller, Principal } from '../access/principal.js';
import { ApiFailures } from '../http/api-failures.decorator.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import { AccountsService } from './accounts.service.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';
import { DeleteStudentDto } from './dto/delete-student.dto.js';
import { UpdateStudentDto } from './dto/update-student.dto.js';
import { Does, StudentPolicyGuard } from './student-policy.guard.js';

const NO_STUDENT = { 404: 'No student found!' };

@ApiTags('Accounts')
@ApiSecurity('x-access-token')
@UseGuards(StudentPolicyGuard)
@Controller('student/:public_id')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Does('update')
  @Patch()
  @ApiOperation({ summary: 'Change name, e-mail (oneself or an admin) or role (an admin)' })
  @ApiOkResponse({ type: MessageResponse, example: { message: 'The student has been updated!' } })
  @ApiFailures([400, 401, 403, 404, 409, 413, 415, 429, 503], NO_STUDENT)
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
  @ApiOperation({ summary: 'Change the password; every other session of the student ends' })
  @ApiOkResponse({ type: MessageResponse, example: { message: 'The password has been changed!' } })
  @ApiFailures([400, 401, 403, 404, 413, 415, 429, 503], {
    ...NO_STUDENT,
    400: 'new_password must be at least 8 characters',
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
  @ApiOperation({ summary: 'Delete a student: an admin without a body, oneself with the current password' })
  @ApiOkResponse({ type: MessageResponse, example: { message: 'The student has been deleted!' } })
  @ApiFailures([400, 401, 403, 404, 409, 413, 415, 429, 503], {
    ...NO_STUDENT,
    400: 'current_password is required',
    409: 'The last admin must stay.',
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
