import { Module } from '@nestjs/common';
import { PasswordHasher } from './password-hasher.js';

/** `Settings` come from the application, globally. */
@Module({ providers: [PasswordHasher], exports: [PasswordHasher] })
export class PasswordsModule {}
