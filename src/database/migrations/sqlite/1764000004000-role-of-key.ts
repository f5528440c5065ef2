import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The student's role beside each login key, and an index on the keys of admins alone: so few of so many that a search
 * would walk far to find them. Without a rowid the keys' own index is the table.
 */
export class RoleOfKey1764000004000 implements MigrationInterface {
  name = 'RoleOfKey1764000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "login_key" RENAME TO "login_key_before"`);
    await runner.query(
      `CREATE TABLE "login_key" ("key" text PRIMARY KEY NOT NULL, "student_id" integer NOT NULL, "role" text NOT NULL, CONSTRAINT "login_key_student" FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE CASCADE ON UPDATE NO ACTION) WITHOUT ROWID`,
    );
    await runner.query(
      `INSERT INTO "login_key" ("key", "student_id", "role") SELECT k."key", k."student_id", st."role" FROM "login_key_before" k JOIN "student" st ON st."id" = k."student_id" ORDER BY k."key"`,
    );
    await runner.query(`DROP TABLE "login_key_before"`);
    await runner.query(`CREATE INDEX "login_key_of_student" ON "login_key" ("student_id")`);
    await runner.query(`CREATE INDEX "login_key_of_admin" ON "login_key" ("key") WHERE role = 'admin'`);
    await runner.query(
      `CREATE INDEX "audit_event_of_student_and_action" ON "audit_event" ("student", "action", "at", "id")`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "audit_event_of_student_and_action"`);
    await runner.query(`ALTER TABLE "login_key" RENAME TO "login_key_after"`);
    await runner.query(
      `CREATE TABLE "login_key" ("key" text PRIMARY KEY NOT NULL, "student_id" integer NOT NULL, CONSTRAINT "login_key_student" FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE CASCADE ON UPDATE NO ACTION)`,
    );
    await runner.query(
      `INSERT INTO "login_key" ("key", "student_id") SELECT "key", "student_id" FROM "login_key_after"`,
    );
    await runner.query(`DROP TABLE "login_key_after"`);
    await runner.query(`CREATE INDEX "login_key_of_student" ON "login_key" ("student_id")`);
  }
}
