import { Module } from '@nestjs/common';
import { KeyRing } from './key-ring.js';

/** Apart from TokensModule because @nestjs/jwt's module needs the keys before ours is complete. */
@Module({ providers: [KeyRing], exports: [KeyRing] })
export class KeysModule {}
