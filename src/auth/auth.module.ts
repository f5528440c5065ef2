import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { AuditModule } from '../audit/audit.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { StudentsModule } from '../students/students.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { AccessTokenGuard } from './access-token.guard.js';
import { AccessTokenStrategy } from './access-token.strategy.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { BasicStrategy } from './basic.strategy.js';
import { Principals } from './principals.js';

@Module({
  imports: [PassportModule, AuditModule, StudentsModule, SessionsModule, TokensModule],
  controllers: [AuthController],
  providers: [
    AuthService,
    BasicStrategy,
    AccessTokenStrategy,
    Principals,
    { provide: APP_GUARD, useClass: AccessTokenGuard },
  ],
})
export class AuthModule {}
