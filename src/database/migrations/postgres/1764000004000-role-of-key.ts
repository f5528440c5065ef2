import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The student's role beside each login key, and an index on the keys of admins alone: so few of so many that a search
 * would walk far to find them.
 */
export class RoleOfKey1764000004000 implements MigrationInterface {
  name = 'RoleOfKey1764000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "login_key" ADD "role" text`);
    await runner.query(
      `UPDATE "login_key" k SET "role" = st."role" FROM "student" st WHERE st."id" = k."student_id"`,
    );
    await runner.query(`ALTER TABLE "login_key" ALTER COLUMN "role" SET NOT NULL`);
    await runner.query(`CREATE INDEX "login_key_of_admin" ON "login_key" ("key") WHERE role = 'admin'`);
    await runner.query(
      `CREATE INDEX "audit_event_of_student_and_action" ON "audit_event" ("student", "action", "at", "id")`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "audit_event_of_student_and_action"`);
    await runner.query(`DROP INDEX "login_key_of_admin"`);
    await runner.query(`ALTER TABLE "login_key" DROP COLUMN "role"`);
  }
}
