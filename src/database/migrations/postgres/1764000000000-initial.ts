import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Students, what they log in with, their sessions and refresh tokens. */
export class Initial1764000000000 implements MigrationInterface {
  name = 'Initial1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "student" ("id" SERIAL NOT NULL, "public_id" text NOT NULL, "name" text NOT NULL, "email" text NOT NULL, "password" text NOT NULL, "role" text NOT NULL, "created_at" bigint NOT NULL, CONSTRAINT "PK_3d8016e1cb58429474a3c041904" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE UNIQUE INDEX "student_public_id" ON "student" ("public_id")`);
    await runner.query(`CREATE INDEX "student_role" ON "student" ("role", "id")`);
    await runner.query(
      `CREATE TABLE "login_key" ("key" text COLLATE "C" NOT NULL, "student_id" integer NOT NULL, CONSTRAINT "login_key_student" FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE CASCADE ON UPDATE NO ACTION, CONSTRAINT "PK_e2a521e8c3bce2a783359ca5cbd" PRIMARY KEY ("key"))`,
    );
    await runner.query(`CREATE INDEX "login_key_of_student" ON "login_key" ("student_id")`);
    await runner.query(
      `CREATE TABLE "known_address" ("student_id" integer NOT NULL, "address" text NOT NULL, "last_login_at" bigint NOT NULL, CONSTRAINT "known_address_student" FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE CASCADE ON UPDATE NO ACTION, CONSTRAINT "PK_684bbd179d35806afd6631d8dbe" PRIMARY KEY ("student_id", "address"))`,
    );
    await runner.query(`CREATE INDEX "known_address_age" ON "known_address" ("last_login_at")`);
    await runner.query(
      `CREATE TABLE "session" ("id" text NOT NULL, "student_id" integer NOT NULL, "created_at" bigint NOT NULL, "last_used_at" bigint NOT NULL, "expires_at" bigint NOT NULL, "user_agent" text NOT NULL, "ip" text NOT NULL, "ended_at" bigint, "ended_by" text, CONSTRAINT "session_student" FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE CASCADE ON UPDATE NO ACTION, CONSTRAINT "PK_f55da76ac1c3ac420f444d2ff11" PRIMARY KEY ("id"))`,
    );
    await runner.query(`CREATE INDEX "session_of_student" ON "session" ("student_id", "created_at", "id")`);
    await runner.query(
      `CREATE INDEX "session_live" ON "session" ("student_id", "created_at", "id") WHERE ended_at IS NULL`,
    );
    await runner.query(`CREATE INDEX "session_expiry" ON "session" ("expires_at") WHERE ended_at IS NULL`);
    await runner.query(`CREATE INDEX "session_ended" ON "session" ("ended_at") WHERE ended_at IS NOT NULL`);
    await runner.query(
      `CREATE TABLE "refresh_token" ("hash" text NOT NULL, "session_id" text NOT NULL, "spent_at" bigint, "successor" text, CONSTRAINT "refresh_token_session" FOREIGN KEY ("session_id") REFERENCES "session" ("id") ON DELETE CASCADE ON UPDATE NO ACTION, CONSTRAINT "PK_1e2b7fe50cf96dbd9f4712f88bf" PRIMARY KEY ("hash"))`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX "refresh_token_unspent" ON "refresh_token" ("session_id") WHERE spent_at IS NULL`,
    );
    await runner.query(`CREATE INDEX "refresh_token_of_session" ON "refresh_token" ("session_id")`);
    await runner.query(
      `CREATE INDEX "refresh_token_sealed" ON "refresh_token" ("spent_at") WHERE successor IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "refresh_token"`);
    await runner.query(`DROP TABLE "session"`);
    await runner.query(`DROP TABLE "known_address"`);
    await runner.query(`DROP TABLE "login_key"`);
    await runner.query(`DROP TABLE "student"`);
  }
}
