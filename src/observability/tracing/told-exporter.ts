import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import { describeError } from '../../http/describe-error.js';

type Done = Parameters<SpanExporter['export']>[1];
type Result = Parameters<Done>[0];

/** `ExportResultCode.SUCCESS` of `@opentelemetry/core`. */
const SUCCESS: Result['code'] = 0;

/** Tells the log when traces stop reaching the collector, and when they reach it again: twice, however long that takes. */
export class ToldExporter implements SpanExporter {
  private failing = false;
  private lost = 0;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  export(spans: ReadableSpan[], done: Done): void {
    this.exporter.export(spans, (result) => {
      this.tell(result, spans.length);
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.exporter.shutdown();
  }

  private tell({ code, error }: Result, spans: number): void {
    if (code !== SUCCESS) {
      this.lost += spans;
      if (!this.failing)
        this.log.warn({ error: describeError(error) }, 'traces do not reach the collector; requests go on');
      this.failing = true;
    } else if (this.failing) {
      this.log.info({ lostSpans: this.lost }, 'traces reach the collector again');
      this.failing = false;
      this.lost = 0;
    }
  }
}
