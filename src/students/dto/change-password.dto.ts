import { ApiProperty, ApiPropertyOptional } from '../../http/api.decorators.js';
import { MayBeAbsent } from '../../http/may-be-absent.decorator.js';
import { IsPasswordText } from './field-decorators.js';

export class ChangePasswordDto {
  @ApiPropertyOptional({
    example: '1234',
    format: 'password',
    description: "Needed for one's own password; an admin leaves it out for another student.",
  })
  @IsPasswordText()
  @MayBeAbsent()
  current_password?: string;

  @ApiProperty({ example: 'correct horse battery', format: 'password', maxLength: 256 })
  @IsPasswordText()
  new_password!: string;
}
