import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString } from 'class-validator';
import type { Role } from '../../access/principal.js';
import { MayBeAbsent } from '../../http/may-be-absent.decorator.js';
import { PageQuery } from '../../http/page-query.dto.js';

export class ListStudentsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['user', 'admin'], description: 'Only those of this role.' })
  @IsIn(['user', 'admin'], { message: 'must be user or admin' })
  @MayBeAbsent()
  role?: Role;

  @ApiPropertyOptional({
    description: 'Only those whose name or e-mail starts with this, in the order of what matches.',
  })
  @IsString({ message: 'must be given once' })
  @MayBeAbsent()
  q?: string;
}
