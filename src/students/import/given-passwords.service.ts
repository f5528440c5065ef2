import { Injectable } from '@nestjs/common';
import { loginKey } from '../../common/login-key.js';
import { Database } from '../../database/database.js';
import { PasswordHasher } from '../../passwords/password-hasher.js';
import type { GivenCredentials } from './credentials-file.js';

/** Whether credentials that an import handed out are anybody's. Without the throttle: nobody is guessing here. */
@Injectable()
export class GivenPasswords {
  constructor(
    private readonly database: Database,
    private readonly hasher: PasswordHasher,
  ) {}

  async logsIn({ name, password }: GivenCredentials): Promise<boolean> {
    const [student] = await this.database.query<{ password: string }>(
      'SELECT st.password FROM login_key k JOIN student st ON st.id = k.student_id WHERE k.key = $1',
      [loginKey(name)],
    );
    return student !== undefined && (await this.hasher.verify(password, student.password)).matches;
  }
}
