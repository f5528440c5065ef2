import { IsIn, IsString, ValidateBy } from 'class-validator';
import { parseInstant } from '../../common/instant.js';
import { ApiPropertyOptional } from '../../http/api.decorators.js';
import { MayBeAbsent } from '../../http/may-be-absent.decorator.js';
import { PageQuery } from '../../http/page-query.dto.js';
import { AUDIT_ACTIONS, type AuditAction } from '../audit-action.js';

export class ListAuditQuery extends PageQuery {
  @ApiPropertyOptional({ type: 'string', description: 'The `public_id` of whom it was done to.' })
  @IsString({ message: 'must be a public_id' })
  @MayBeAbsent()
  readonly student?: string;

  @ApiPropertyOptional({ enum: AUDIT_ACTIONS, description: 'What was done.' })
  @IsIn(AUDIT_ACTIONS, { message: 'must be an action of the audit log' })
  @MayBeAbsent()
  readonly action?: AuditAction;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    description: 'Only what was done then or later.',
  })
  @ValidateBy(
    {
      name: 'instant',
      validator: { validate: (value) => typeof value === 'string' && parseInstant(value) !== undefined },
    },
    { message: 'must be a time as in RFC 3339, such as 2026-01-31T09:30:00Z' },
  )
  @MayBeAbsent()
  readonly since?: string;
}
