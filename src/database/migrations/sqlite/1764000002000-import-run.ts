import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far imports have come. */
export class ImportRun1764000002000 implements MigrationInterface {
  name = 'ImportRun1764000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "import_run" ("source" text PRIMARY KEY NOT NULL, "position" bigint NOT NULL, "first_id" integer NOT NULL, "updated_at" bigint NOT NULL)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "import_run"`);
  }
}
