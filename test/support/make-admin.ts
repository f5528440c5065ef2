import type { TestApp } from './start-app.js';

/** Gives a student the role in the database, as the command line does; tokens there are stay good. */
export async function makeAdmin({ database }: Pick<TestApp, 'database'>, publicId: string): Promise<void> {
  await database.write(async (manager) => {
    const sql = `UPDATE student SET role = 'admin' WHERE public_id = $1 RETURNING id`;
    const [student] = await database.changeWith<{ id: number }>(manager, sql, [publicId]);
    const keys = `UPDATE login_key SET role = 'admin' WHERE student_id = $1`;
    await database.executeWith(manager, keys, [student?.id]);
  });
}
