import { ApiProperty } from '../../http/api.decorators.js';

export class HealthResponse {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';
}
