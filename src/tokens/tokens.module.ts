import { Module } from '@nestjs/common';
import { JwtModule, type JwtModuleOptions, JwtSecretRequestType } from '@nestjs/jwt';
import { AccessTokens } from './access-tokens.js';
import { JwksController } from './jwks.controller.js';
import { KeyRing } from './key-ring.js';
import { KeysModule } from './keys.module.js';
import { VerifiedTokens } from './verified-tokens.js';

@Module({
  imports: [
    KeysModule,
    JwtModule.registerAsync({
      imports: [KeysModule],
      inject: [KeyRing],
      useFactory: (keys: KeyRing): JwtModuleOptions => ({
        secretOrKeyProvider: (request, token) =>
          request === JwtSecretRequestType.SIGN ? keys.signingKey().key : keys.keyFor(token as string),
      }),
    }),
  ],
  controllers: [JwksController],
  providers: [AccessTokens, VerifiedTokens],
  exports: [AccessTokens, KeysModule, VerifiedTokens],
})
export class TokensModule {}
