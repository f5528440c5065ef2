import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { Public } from '../../access/public.decorator.js';
import { ApiFailures } from '../../http/api-failures.decorator.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../../http/api.decorators.js';
import { NeverShed } from '../../http/overload.js';
import { MetricsAccessGuard } from './metrics-access.guard.js';
import { Metrics } from './metrics.service.js';

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

@ApiTags('Operations')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Public()
  @NeverShed()
  @UseGuards(MetricsAccessGuard)
  @Get()
  @Header('Content-Type', TEXT_FORMAT)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Show the metrics, for Prometheus',
    description:
      'With `METRICS_TOKEN` set, to whoever sends it as `Authorization: Bearer`; else to clients on the same machine ' +
      'that no proxy speaks for. To everybody else there is nothing here.',
  })
  @ApiOkResponse({
    description: "Prometheus' text format.",
    content: { [TEXT_FORMAT]: { schema: { type: 'string' } } },
  })
  @ApiFailures([404], { 404: { description: 'They are not for this caller.' } })
  async read(): Promise<string> {
    return await this.metrics.text();
  }
}
