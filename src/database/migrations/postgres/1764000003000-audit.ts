import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log, with an index for each way it is asked. */
export class Audit1764000003000 implements MigrationInterface {
  name = 'Audit1764000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "audit_event" ("id" BIGSERIAL NOT NULL, "at" bigint NOT NULL, "action" text NOT NULL, "actor" text, "student" text, "ip" text, "user_agent" text NOT NULL, "request_id" text NOT NULL, CONSTRAINT "audit_event_pk" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "audit_event_time" ON "audit_event" ("at", "id")`);
    await runner.query(`CREATE INDEX "audit_event_of_student" ON "audit_event" ("student", "at", "id")`);
    await runner.query(`CREATE INDEX "audit_event_of_action" ON "audit_event" ("action", "at", "id")`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "audit_event"`);
  }
}
