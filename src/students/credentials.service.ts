import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/principal.js';
import { type FailedCheck, FailedChecks } from '../audit/failed-checks.service.js';
import { loginKey } from '../common/login-key.js';
import { isStorable } from '../common/storable.js';
import { Database } from '../database/database.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { addressKey } from '../throttle/address-key.js';
import { LoginThrottle } from '../throttle/login-throttle.js';
import { KnownAddresses } from './known-addresses.js';

/** A student whose password has just been shown. */
export interface VerifiedStudent {
  readonly id: number;
  readonly publicId: string;
  /** The hash that the password was checked against: who acts on the check makes sure that it is still the one. */
  readonly passwordHash: string;
}

/**
 * No name or e-mail is near as long, however it is written. Normalising takes time that grows with the square of the
 * length, so longer ones are unknown without being looked at.
 */
const LONGEST_USER_ID = 2_048;

interface Account {
  readonly id: number;
  readonly public_id: string;
  readonly password: string;
  readonly last_login_at: string | number | null;
}

const ACCOUNT = `SELECT st.id, st.public_id, st.password, ka.last_login_at FROM student st
  LEFT JOIN known_address ka ON ka.student_id = st.id AND ka.address = $1`;

/** Password checks, all of them under the throttle: at login and where an account's change asks for the password. */
@Injectable()
export class Credentials {
  constructor(
    private readonly database: Database,
    private readonly hasher: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly knownAddresses: KnownAddresses,
    private readonly failedChecks: FailedChecks,
  ) {}

  /**
   * @param userId a name or an e-mail, in any form with the same key
   * @returns undefined for an unknown user and for a wrong password, in the same time
   * @throws TooManyAttempts
   */
  async verify(userId: string, password: string, caller: Caller): Promise<VerifiedStudent | undefined> {
    if (userId.length > LONGEST_USER_ID || !isStorable(userId)) {
      return await this.check('login-failed', undefined, 'unknowable', password, caller);
    }
    const key = loginKey(userId);
    const [account] = await this.database.query<Account>(
      `${ACCOUNT} JOIN login_key k ON k.student_id = st.id WHERE k.key = $2`,
      [addressKey(caller.ip), key],
    );
    return await this.check('login-failed', account, `key:${key}`, password, caller);
  }

  /** As `verify`, for the student who is logged in: the current password, asked for once more. */
  async confirm(studentId: number, password: string, caller: Caller): Promise<VerifiedStudent | undefined> {
    const sql = `${ACCOUNT} WHERE st.id = $2`;
    const [account] = await this.database.query<Account>(sql, [addressKey(caller.ip), studentId]);
    return await this.check('confirmation-failed', account, `student:${studentId}`, password, caller);
  }

  /** @param failure what the audit log is told of a wrong password */
  private async check(
    failure: FailedCheck,
    account: Account | undefined,
    unknown: string,
    password: string,
    caller: Caller,
  ): Promise<VerifiedStudent | undefined> {
    const attempt = {
      account: account ? `student:${account.id}` : unknown,
      ip: caller.ip,
      knownAddress: account !== undefined && this.knownAddresses.isKnown(account.last_login_at),
    };
    const verified = await this.throttle.attempt(attempt, async () => {
      const { matches, upgraded } = await this.hasher.verify(password, account?.password);
      if (!matches || !account) return { passed: false, value: undefined };
      const passwordHash =
        upgraded === undefined ? account.password : await this.upgrade(account, password, upgraded);
      return { passed: true, value: { id: account.id, publicId: account.public_id, passwordHash } };
    });
    if (!verified) this.failedChecks.add({ action: failure, student: account?.public_id ?? null }, caller);
    return verified;
  }

  /**
   * Replaces an imported hash, unless it is no longer the one that was checked.
   * @returns the hash that the password was found good under: of several logins at once, the first one's
   */
  private async upgrade(account: Account, password: string, upgraded: string): Promise<string> {
    const replaced = await this.database.write((manager) =>
      this.database.executeWith(manager, 'UPDATE student SET password = $1 WHERE id = $2 AND password = $3', [
        upgraded,
        account.id,
        account.password,
      ]),
    );
    if (replaced === 1) return upgraded;
    const sql = 'SELECT password FROM student WHERE id = $1';
    const [current] = await this.database.query<Pick<Account, 'password'>>(sql, [account.id]);
    // Where the password itself was changed, who acts on this check learns it from the old hash.
    if (!current || !(await this.hasher.verify(password, current.password)).matches) return account.password;
    return current.password;
  }
}
