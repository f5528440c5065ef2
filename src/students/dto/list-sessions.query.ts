import { IsIn } from 'class-validator';
import { ApiPropertyOptional } from '../../http/api.decorators.js';
import { MayBeAbsent } from '../../http/may-be-absent.decorator.js';
import { PageQuery } from '../../http/page-query.dto.js';

export class ListSessionsQuery extends PageQuery {
  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    description: 'Whether those that ended in the last 30 days are listed too.',
  })
  @IsIn(['true', 'false'], { message: 'must be true or false' })
  @MayBeAbsent()
  ended?: 'true' | 'false';
}
