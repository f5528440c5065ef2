import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller, Principal } from '../access/principal.js';
import { AuditLog } from '../audit/audit-log.service.js';
import { Database } from '../database/database.js';
import { SessionNotFound } from '../sessions/sessions.errors.js';
import { SessionRefresh } from '../sessions/session-refresh.service.js';
import { Sessions } from '../sessions/sessions.service.js';
import { Credentials, type VerifiedStudent } from '../students/credentials.service.js';
import { KnownAddresses } from '../students/known-addresses.js';
import { StudentRepository } from '../students/student.repository.js';
import { AccessTokens, type IssuedAccessToken } from '../tokens/access-tokens.js';
import { InvalidToken } from '../tokens/tokens.errors.js';
import { CouldNotVerify } from './auth.errors.js';
import type { LoginDto } from './dto/login.dto.js';
import type { TokenPairResponse, TokenResponse } from './dto/token.response.js';

/** From credentials to tokens, and back out. */
@Injectable()
export class AuthService {
  constructor(
    private readonly database: Database,
    private readonly credentials: Credentials,
    private readonly students: StudentRepository,
    private readonly knownAddresses: KnownAddresses,
    private readonly sessions: Sessions,
    private readonly sessionRefresh: SessionRefresh,
    private readonly tokens: AccessTokens,
    private readonly audit: AuditLog,
  ) {}

  /** The original login: an access token alone, of a session that ends with it. */
  async logInForToken(student: VerifiedStudent, caller: Caller): Promise<TokenResponse> {
    const { issued } = await this.openSession(student, false, caller);
    return { token: issued.token };
  }

  /**
   * @param student whom Basic credentials verified; undefined where they are in the body
   * @throws CouldNotVerify, TooManyAttempts
   */
  async logIn(
    student: VerifiedStudent | undefined,
    body: LoginDto,
    caller: Caller,
  ): Promise<TokenPairResponse> {
    const verified = student ?? (await this.credentials.verify(userIdOf(body), body.password, caller));
    if (!verified) throw new CouldNotVerify('bearer');
    const { issued, refreshToken } = await this.openSession(verified, true, caller);
    return tokenPair(issued, refreshToken ?? '');
  }

  /** @throws InvalidRefreshToken */
  async refresh(refreshToken: string, caller: Caller): Promise<TokenPairResponse> {
    const refreshed = await this.sessionRefresh.refresh(refreshToken, caller);
    return tokenPair(this.tokens.issue(refreshed.publicId, refreshed.sessionId), refreshed.refreshToken);
  }

  /** @throws InvalidToken when the session ended while the request was under way */
  async logOut(principal: Principal, caller: Caller): Promise<void> {
    try {
      await this.sessions.end(principal, principal.sessionId, 'logout', caller);
    } catch (error) {
      throw error instanceof SessionNotFound ? new InvalidToken() : error;
    }
  }

  private async openSession(student: VerifiedStudent, refreshable: boolean, caller: Caller) {
    const id = randomUUID();
    const issued = this.tokens.issue(student.publicId, id);
    // Whose session is lost with the power logs in again; to wait for the disk at each login would hold up everybody.
    const refreshToken = await this.database.write(async (manager) => {
      const current = await this.students.lock(manager, student.id);
      // A password that was changed, or a student deleted, since the check must not leave a session behind.
      if (current?.password !== student.passwordHash)
        throw new CouldNotVerify(refreshable ? 'bearer' : 'basic');
      await this.knownAddresses.remember(manager, student.id, caller.ip);
      const session = { id, studentId: student.id, accessTokenExpiresAt: issued.expiresAt, refreshable };
      const { publicId } = student;
      await this.audit.record(manager, { action: 'login', actor: publicId, student: publicId }, caller);
      return await this.sessions.open(manager, session, caller);
    }, 'crash');
    return { issued, refreshToken };
  }
}

function userIdOf({ name, email }: LoginDto): string {
  return name ?? email ?? '';
}

function tokenPair(issued: IssuedAccessToken, refreshToken: string): TokenPairResponse {
  return {
    token: issued.token,
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: issued.expiresIn,
  };
}
