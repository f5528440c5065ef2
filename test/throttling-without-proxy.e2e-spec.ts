import { basic, Client } from './support/client.js';
import { startApp } from './support/start-app.js';

describe('X-Forwarded-For, where TRUST_PROXY does not say so', () => {
  it('opens no budget of its own', async () => {
    const test = await startApp();
    const client = new Client(test.url);
    const { name } = await client.enrol();
    const attempt = async (n: number): Promise<number> => {
      const headers = { authorization: basic(name, 'wrong'), 'x-forwarded-for': `10.1.1.${n}` };
      return (await client.send('GET', '/login', { headers })).status;
    };
    const statuses: number[] = [];
    for (let n = 1; n <= 11; n += 1) statuses.push(await attempt(n));
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    await test.close();
  });
});
