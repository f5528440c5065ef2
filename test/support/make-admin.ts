import type { TestApp } from './start-app.js';

/** Gives a student the role in the database, as the command line does; tokens there are stay good. */
export async function makeAdmin({ database }: Pick<TestApp, 'database'>, publicId: string): Promise<void> {
  await database.write(async (manager) => {
    await database.executeWith(manager, `UPDATE student SET role = 'admin' WHERE public_id = $1`, [publicId]);
  });
}
