import type { Settings } from '../../config/settings.js';
import { ApiProperty } from '../../http/api.decorators.js';
import type { FurtherRules } from '../../http/further-rules.js';
import { passwordFaults } from '../../passwords/password-rules.js';
import { IsPasswordText, IsStudentEmail, IsStudentName } from './field-decorators.js';

export class RegisterStudentDto implements FurtherRules {
  @ApiProperty({
    example: 'kyunghwan1',
    minLength: 1,
    description: '1–50 characters after trimming; no colon, no control characters, not only invisible ones.',
  })
  @IsStudentName()
  name!: string;

  @ApiProperty({ example: 'ko1@naver.com', format: 'email', maxLength: 254 })
  @IsStudentEmail()
  email!: string;

  @ApiProperty({
    example: '1234',
    format: 'password',
    maxLength: 256,
    description: 'At least `PASSWORD_MIN_LENGTH` characters; any Unicode, spaces and colons too.',
  })
  @IsPasswordText()
  password!: string;

  furtherFaults({ passwordMinLength }: Settings): ReadonlyMap<string, string[]> {
    if (typeof this.password !== 'string') return new Map();
    const notLike = [this.name, this.email].filter((text) => typeof text === 'string');
    return new Map([['password', passwordFaults(this.password, { minLength: passwordMinLength, notLike })]]);
  }
}
