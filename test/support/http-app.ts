import type { AddressInfo } from 'node:net';
import { EventEmitter } from 'node:events';
import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  HttpException,
  Injectable,
  Module,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsString, Length } from 'class-validator';
import type { FastifyBaseLogger } from 'fastify';
import type { Caller } from '../../src/access/principal.js';
import { encodeCursor } from '../../src/common/cursor.js';
import { TooManyAttempts } from '../../src/common/failures.js';
import type { Settings } from '../../src/config/settings.js';
import { CurrentCaller } from '../../src/http/caller.js';
import { configureHttp } from '../../src/http/configure-http.js';
import { createHttpAdapter } from '../../src/http/http-adapter.js';
import { HttpModule } from '../../src/http/http.module.js';
import type { HttpTimeouts } from '../../src/http/http-server.js';
import { MayBeAbsent } from '../../src/http/may-be-absent.decorator.js';
import { NoBody } from '../../src/http/no-body.decorator.js';
import { NeverShed } from '../../src/http/overload.js';
import { Page, sendPages } from '../../src/http/page.js';
import { cursorOf, limitOf, PageQuery } from '../../src/http/page-query.dto.js';
import { PasswordWork } from '../../src/http/shed-password-work.js';

/** Lets a test hold a request open and see that it has begun. */
@Injectable()
export class Gate extends EventEmitter {
  private release = (): void => undefined;
  private readonly opened = new Promise<void>((resolve) => (this.release = resolve));

  open(): void {
    this.release();
  }

  async pass(): Promise<void> {
    this.emit('waiting');
    await this.opened;
  }
}

export class ThingDto {
  @Length(1, 5, { message: 'must have 1 to 5 characters' })
  @IsString({ message: 'must be a string' })
  name!: string;

  @IsString({ message: 'note must be a string' })
  @MayBeAbsent()
  note?: string;
}

@Controller()
export class ThingController {
  constructor(private readonly gate: Gate) {}

  @Get('thing')
  list(@Query() query: PageQuery): Page<{ things: number[] }> {
    const after = cursorOf(query, 'things', ['integer'])?.[0] ?? 0;
    const things = [1, 2, 3].filter((id) => id > after).slice(0, limitOf(query));
    const last = things.at(-1) ?? 3;
    return new Page({ things }, last < 3 ? encodeCursor('things', [last]) : undefined);
  }

  @Post('thing')
  make(@Body() dto: ThingDto): ThingDto {
    return dto;
  }

  @Get('thing/:id')
  one(@Param('id') id: string): { id: string } {
    return { id };
  }

  @Delete('thing/:id')
  @NoBody()
  remove(@Body() body: unknown): { body: unknown } {
    return { body: body ?? null };
  }

  @Get('caller')
  caller(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Get('cached')
  @Header('Cache-Control', 'public, max-age=300')
  cached(@Query('fail') fail?: string): { cached: boolean } {
    if (fail !== undefined) throw new HttpException('text of the framework', Number(fail));
    return { cached: true };
  }

  @Get('gate')
  async slow(): Promise<{ done: boolean }> {
    await this.gate.pass();
    return { done: true };
  }

  @NeverShed()
  @Get('watch')
  watch(): { watched: boolean } {
    return { watched: true };
  }

  @PasswordWork()
  @Post('costly')
  @HttpCode(200)
  costly(@Body() body: object): object {
    return body;
  }

  @Get('throttled')
  throttled(): never {
    throw new TooManyAttempts(5_000_000);
  }

  @Get('broken')
  broken(): never {
    throw Object.assign(new Error('secret text'), {
      parameters: ['canary-parameter'],
      query: 'SELECT canary-query',
    });
  }

  @Get('busy')
  busy(): never {
    throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
  }
}

@Module({ imports: [HttpModule], controllers: [ThingController], providers: [Gate] })
class ThingModule {}

export interface HttpApp {
  readonly app: NestFastifyApplication;
  readonly gate: Gate;
  readonly port: number;
  readonly url: string;
}

export interface HttpAppOptions {
  readonly settings?: Partial<Settings>;
  readonly logger?: FastifyBaseLogger;
  readonly timeouts?: HttpTimeouts;
  /** Runs before the application listens. */
  readonly prepare?: (app: NestFastifyApplication) => unknown;
}

/** A small application of our HTTP layer on a free port of the loopback interface. */
export async function startHttpApp({
  settings,
  logger,
  timeouts,
  prepare,
}: HttpAppOptions = {}): Promise<HttpApp> {
  const all = { trustProxy: false, corsOrigins: [], ...settings } as unknown as Settings;
  const adapter = createHttpAdapter(all, logger, timeouts);
  const app = await NestFactory.create<NestFastifyApplication>(ThingModule, adapter, { logger: false });
  configureHttp(app, all);
  sendPages(app.getHttpAdapter().getInstance());
  await prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, gate: app.get(Gate), port, url: `http://127.0.0.1:${port}` };
}
