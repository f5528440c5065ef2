import { IsIn } from 'class-validator';
import type { Role } from '../../access/principal.js';
import { ApiPropertyOptional } from '../../http/api.decorators.js';
import type { FurtherRules } from '../../http/further-rules.js';
import { MayBeAbsent } from '../../http/may-be-absent.decorator.js';
import { IsPasswordText, IsStudentEmail, IsStudentName } from './field-decorators.js';

/** As Swagger UI prefills the body: what a student may change, and what only an admin may. */
export const UPDATE_EXAMPLES = {
  name: { summary: 'The name', value: { name: 'kyunghwan2' } },
  email: { summary: "One's own e-mail", value: { email: 'ko2@naver.com', current_password: '1234' } },
  role: { summary: 'The role (admins)', value: { role: 'admin' } },
};

export class UpdateStudentDto implements FurtherRules {
  @ApiPropertyOptional({ example: 'kyunghwan2', minLength: 1 })
  @IsStudentName()
  @MayBeAbsent()
  name?: string;

  @ApiPropertyOptional({ example: 'ko2@naver.com', format: 'email', maxLength: 254 })
  @IsStudentEmail()
  @MayBeAbsent()
  email?: string;

  @ApiPropertyOptional({ enum: ['user', 'admin'], description: 'Admins only.' })
  @IsIn(['user', 'admin'], { message: 'must be user or admin' })
  @MayBeAbsent()
  role?: Role;

  @ApiPropertyOptional({
    example: '1234',
    format: 'password',
    description: "Needed beside one's own `email`.",
  })
  @IsPasswordText()
  @MayBeAbsent()
  current_password?: string;

  furtherFaults(): ReadonlyMap<string, string[]> {
    const nothing = this.name === undefined && this.email === undefined && this.role === undefined;
    return nothing ? new Map([['name', ['name, email or role must be given']]]) : new Map();
  }
}
