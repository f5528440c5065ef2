import { ApiPropertyOptional } from '../../http/api.decorators.js';
import { MayBeAbsent } from '../../http/may-be-absent.decorator.js';
import { IsPasswordText } from './field-decorators.js';

export class DeleteStudentDto {
  @ApiPropertyOptional({
    example: '1234',
    format: 'password',
    description: 'Needed to delete oneself; an admin who deletes another student sends no body.',
  })
  @IsPasswordText()
  @MayBeAbsent()
  current_password?: string;
}
