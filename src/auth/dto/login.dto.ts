import { IsString } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '../../http/api.decorators.js';
import type { FurtherRules } from '../../http/further-rules.js';
import { MayBeAbsent } from '../../http/may-be-absent.decorator.js';

/** As Swagger UI prefills the body: either way by itself. */
export const LOGIN_EXAMPLES = {
  name: { summary: 'With the name', value: { name: 'kyunghwan1', password: '1234' } },
  email: { summary: 'With the e-mail', value: { email: 'ko1@naver.com', password: '1234' } },
};

/** Credentials in a body. What they may look like is registration's concern: here they are right or wrong. */
export class LoginDto implements FurtherRules {
  @ApiPropertyOptional({ example: 'kyunghwan1', description: 'This or `email`, not both.' })
  @IsString({ message: 'must be a string' })
  @MayBeAbsent()
  name?: string;

  @ApiPropertyOptional({ example: 'ko1@naver.com', description: 'This or `name`, not both.' })
  @IsString({ message: 'must be a string' })
  @MayBeAbsent()
  email?: string;

  @ApiProperty({ example: '1234', format: 'password' })
  @IsString({ message: 'must be a string' })
  @MayBeAbsent()
  password!: string;

  furtherFaults(): ReadonlyMap<string, string[]> {
    const faults = new Map<string, string[]>();
    if (this.name === undefined && this.email === undefined)
      faults.set('name', ['name or email is required']);
    if (this.name !== undefined && this.email !== undefined) {
      faults.set('email', ['email must not be given beside name']);
    }
    if (this.password === undefined) faults.set('password', ['password is required']);
    return faults;
  }
}
