import { KnownAddressCleanup } from '../src/students/known-address-cleanup.service.js';
import { Client } from './support/client.js';
import { startApp } from './support/start-app.js';

const DAY_MS = 86_400_000;

describe('an address that a student logged in from', () => {
  it('is kept for thirty days after the last login, and then forgotten', async () => {
    const test = await startApp({ throttle: false });
    const client = new Client(test.url);
    const [kim, lee] = [await client.join(), await client.join()];
    const cleanup = test.app.get(KnownAddressCleanup, { strict: false });
    test.clock.advance(29 * DAY_MS);
    await client.tokenOf(lee.name, lee.password);
    await cleanup.tick();
    expect(await test.database.query('SELECT student_id FROM known_address')).toHaveLength(2);
    test.clock.advance(DAY_MS + 1);
    await cleanup.tick();
    const left = await test.database.query<{ name: string }>(
      'SELECT st.name FROM known_address ka JOIN student st ON st.id = ka.student_id',
    );
    expect(left).toEqual([{ name: lee.name }]);
    expect(left).not.toContainEqual({ name: kim.name });
    await test.close();
  });

  it('is forgotten with as many others as there are, batch by batch', async () => {
    const test = await startApp({ throttle: false });
    await new Client(test.url).enrol();
    const [student] = await test.database.query<{ id: number }>('SELECT id FROM student');
    await test.database.write(async (manager) => {
      for (let n = 0; n < 1_100; n += 1) {
        const sql = 'INSERT INTO known_address (student_id, address, last_login_at) VALUES ($1, $2, $3)';
        const lastLoginAt = n < 1_050 ? 0 : test.clock.now();
        await test.database.executeWith(manager, sql, [
          student?.id,
          `10.0.${n >> 8}.${n & 255}`,
          lastLoginAt,
        ]);
      }
    });
    await test.app.get(KnownAddressCleanup, { strict: false }).tick();
    expect(await test.database.query('SELECT address FROM known_address')).toHaveLength(50);
    await test.close();
  });
});
