import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../../access/public.decorator.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../../http/api.decorators.js';
import { NeverShed } from '../../http/overload.js';
import { HealthResponse } from './health.response.js';
import { Readiness } from './readiness.service.js';

@ApiTags('Operations')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @NeverShed()
  @Get('live')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether the process answers' })
  @ApiOkResponse({ description: 'Yes.', type: HealthResponse })
  live(): HealthResponse {
    return { status: 'ok' };
  }

  // Overload does not make an instance unready: its load would fall on the others, and then theirs on nobody.
  @NeverShed()
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Whether requests can be served',
    description: 'The database answers, and no shutdown has begun; else 503.',
  })
  @ApiOkResponse({ description: 'Yes.', type: HealthResponse })
  async ready(): Promise<HealthResponse> {
    await this.readiness.check();
    return { status: 'ok' };
  }
}
