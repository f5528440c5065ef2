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
});
