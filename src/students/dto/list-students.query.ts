import { IsIn, IsString, MaxLength } from 'class-validator';
import type { Role } from '../../access/principal.js';
import { ApiPropertyOptional } from '../../http/api.decorators.js';
import { MayBeAbsent } from '../../http/may-be-absent.decorator.js';
import { PageQuery } from '../../http/page-query.dto.js';

const LONGEST_PREFIX = 1024;

export class ListStudentsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['user', 'admin'], description: 'Only those of this role.' })
  @IsIn(['user', 'admin'], { message: 'must be user or admin' })
  @MayBeAbsent()
  role?: Role;

  @ApiPropertyOptional({
    description: 'Only those whose name or e-mail starts with this, in the order of what matches.',
  })
  // Normalising takes time that grows with the square of the length; no name or e-mail is as long.
  @MaxLength(LONGEST_PREFIX, { message: `must be at most ${LONGEST_PREFIX} characters` })
  @IsString({ message: 'must be given once' })
  @MayBeAbsent()
  q?: string;
}
