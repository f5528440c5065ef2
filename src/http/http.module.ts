import { Global, Module } from '@nestjs/common';
import { ShutdownState } from './shutdown-state.js';

/** What `configureHttp` and the health checks share. */
@Global()
@Module({ providers: [ShutdownState], exports: [ShutdownState] })
export class HttpModule {}
