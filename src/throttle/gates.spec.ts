import { jest } from '@jest/globals';
import { Gates } from './gates.js';
import { MemoryThrottleStore } from './memory-throttle-store.js';

describe('Gates', () => {
  it('keeps nothing of a key once nobody is inside of its gate or waits at it', async () => {
    const gates = new Gates(undefined);
    const budget = new MemoryThrottleStore().accountAndAddress;
    const keys = Array.from({ length: 50 }, (_, n) => `key ${n}`);
    const entries = await Promise.all(keys.map((key) => gates.enter({ budget, key })));
    expect(gates.size).toBe(50);

    for (const entry of entries) if (entry !== 'full') await entry.leave();
    expect(gates.size).toBe(0);
  });

  it('keeps nothing of a key that was refused', async () => {
    const gates = new Gates(undefined);
    const budget = new MemoryThrottleStore().accountAndAddress;
    for (let n = 0; n < 10; n += 1) await budget.failures.add('key');
    expect(await gates.enter({ budget, key: 'key' })).toBe('full');
    expect(gates.size).toBe(0);
  });

  it('goes on after the store has failed', async () => {
    const gates = new Gates(undefined);
    const budget = new MemoryThrottleStore().accountAndAddress;
    const outage = new Error('no answer');
    const read = jest.spyOn(budget.failures, 'read').mockRejectedValueOnce(outage);
    await expect(gates.enter({ budget, key: 'key' })).rejects.toBe(outage);
    expect(read).toHaveBeenCalledTimes(1);

    const entries = await Promise.all(Array.from({ length: 10 }, () => gates.enter({ budget, key: 'key' })));
    expect(entries).not.toContain('full');
    for (const entry of entries) if (entry !== 'full') await entry.leave();
    expect(gates.size).toBe(0);
  });
});
