import { BoundedMemoryLimiter } from './bounded-memory-limiter.js';

describe('BoundedMemoryLimiter', () => {
  it('forgets the record that was counted longest ago when there are too many', async () => {
    const limiter = new BoundedMemoryLimiter({ points: 10, duration: 900 }, 3);
    for (const key of ['a', 'b', 'c', 'a', 'd']) await limiter.penalty(key);

    expect(await limiter.get('b')).toBeNull();
    expect((await limiter.get('a'))?.consumedPoints).toBe(2);
    expect(limiter.dump().storage).toHaveLength(3);
  });

  it('keeps within its bound whichever way a key is counted', async () => {
    const limiter = new BoundedMemoryLimiter({ points: 10, duration: 900 }, 2);
    await limiter.consume('a');
    await limiter.set('b', 1, 900);
    await limiter.penalty('c');

    expect(limiter.dump().storage.map(({ key }) => key)).toEqual(['b', 'c']);
  });
});
