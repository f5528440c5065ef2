import { IsString } from 'class-validator';
import { ApiProperty } from '../../http/api.decorators.js';
import type { FurtherRules } from '../../http/further-rules.js';
import { MayBeAbsent } from '../../http/may-be-absent.decorator.js';

export class RefreshDto implements FurtherRules {
  @ApiProperty({ example: 'paste-the-refresh-token-of-your-login-here', description: 'Good once.' })
  @IsString({ message: 'must be a string' })
  @MayBeAbsent()
  refresh_token!: string;

  furtherFaults(): ReadonlyMap<string, string[]> {
    return this.refresh_token === undefined
      ? new Map([['refresh_token', ['refresh_token is required']]])
      : new Map<string, string[]>();
  }
}
