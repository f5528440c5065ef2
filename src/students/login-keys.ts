import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { loginKey } from '../common/login-key.js';
import { Database } from '../database/database.js';
import { isUniqueViolation } from '../database/unique-violation.js';
import type { StudentRecord } from './student.repository.js';
import { EmailTaken, NameTaken } from './students.errors.js';

/** What makes a student findable at login. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** Who holds keys. */
type KeyOwner = Pick<StudentRecord, 'id' | 'role'>;

/** Keeps the table of login keys in step with names and e-mails; its primary key decides every race. */
@Injectable()
export class LoginKeys {
  constructor(private readonly database: Database) {}

  /** @returns the id of the student who holds the key */
  async holder(manager: EntityManager, key: string): Promise<number | undefined> {
    const sql = 'SELECT student_id FROM login_key WHERE key = $1';
    return (await this.database.queryWith<{ student_id: number }>(manager, sql, [key]))[0]?.student_id;
  }

  /** @throws NameTaken, EmailTaken when another student holds the key */
  async claim(manager: EntityManager, owner: KeyOwner, identity: Identity): Promise<void> {
    await this.replace(manager, owner, undefined, identity);
  }

  /** @throws NameTaken, EmailTaken when another student holds a new key */
  async replace(
    manager: EntityManager,
    owner: KeyOwner,
    before: Identity | undefined,
    after: Identity,
  ): Promise<void> {
    const held = new Set(before ? keysOf(before) : []);
    const wanted = new Set(keysOf(after));
    for (const key of held) {
      if (!wanted.has(key)) {
        await this.database.executeWith(manager, 'DELETE FROM login_key WHERE key = $1 AND student_id = $2', [
          key,
          owner.id,
        ]);
      }
    }
    const [nameKey] = keysOf(after);
    for (const key of wanted) {
      if (!held.has(key)) await this.insert(manager, key, owner, key === nameKey ? NameTaken : EmailTaken);
    }
  }

  private async insert(
    manager: EntityManager,
    key: string,
    { id, role }: KeyOwner,
    Taken: new () => Error,
  ): Promise<void> {
    try {
      await this.database.executeWith(
        manager,
        'INSERT INTO login_key (key, student_id, role) VALUES ($1, $2, $3)',
        [key, id, role],
      );
    } catch (error) {
      if (isUniqueViolation(error)) throw new Taken();
      throw error;
    }
  }
}

/** The name's first: where both are taken, the name is what the client is told of. */
function keysOf(identity: Identity): readonly [nameKey: string, emailKey: string] {
  return [loginKey(identity.name), loginKey(identity.email)];
}
