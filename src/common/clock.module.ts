import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';

/** The time, for everybody who asks it; tests put a frozen one in its place. */
@Global()
@Module({ providers: [{ provide: Clock, useClass: SystemClock }], exports: [Clock] })
export class ClockModule {}
