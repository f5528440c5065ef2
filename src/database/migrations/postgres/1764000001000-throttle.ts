import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The budgets that several instances share, as rate-limiter-flexible lays them out: its first three columns are
 * `key, points, expire`. SQLite has no such table: there is one process, which keeps its budgets in memory.
 *
 * Unlogged, so that counting an attempt does not wait for the disk; after a crash of the server the budgets are new.
 */
export class Throttle1764000001000 implements MigrationInterface {
  name = 'Throttle1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE UNLOGGED TABLE "throttle" ("key" varchar(255) PRIMARY KEY, "points" integer NOT NULL DEFAULT 0, "expire" bigint)`,
    );
    await runner.query(`CREATE INDEX "throttle_expiry" ON "throttle" ("expire")`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "throttle"`);
  }
}
