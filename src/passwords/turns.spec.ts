import { ServiceUnavailable } from '../common/failures.js';
import { Turns } from './turns.js';

/** Work that ends when it is told to. */
function work(name: string, begun: string[]) {
  let end = (): void => undefined;
  const ended = new Promise<string>((resolve) => (end = () => resolve(name)));
  const begin = (): Promise<string> => {
    begun.push(name);
    return ended;
  };
  return { begin, end: () => end() };
}

/** Until everything that can go on has gone on. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe('turns', () => {
  it('come in order of arrival, as many at once as there are places', async () => {
    const turns = new Turns(2, 60_000);
    const begun: string[] = [];
    const works = ['a', 'b', 'c', 'd'].map((name) => work(name, begun));
    const runs = works.map(({ begin }) => turns.run(begin));
    await settled();
    expect(begun).toEqual(['a', 'b']);
    expect([turns.running, turns.waiting]).toEqual([2, 2]);
    works[1]?.end();
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const { end } of works) end();
    expect(await Promise.all(runs)).toEqual(['a', 'b', 'c', 'd']);
    expect([turns.running, turns.waiting]).toEqual([0, 0]);
  });

  it('are handed on by work that fails', async () => {
    const turns = new Turns(1, 60_000);
    const failing = turns.run(() => Promise.reject(new Error('broken')));
    const next = turns.run(() => Promise.resolve('next'));
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('next');
  });

  it('are given up by those who waited too long, who never begin; who has begun is left alone', async () => {
    const turns = new Turns(1, 5);
    const begun: string[] = [];
    const [first, ...others] = ['a', 'b', 'c'].map((name) => work(name, begun));
    const running = turns.run(first?.begin ?? fail);
    const outcomes = await Promise.allSettled(others.map(({ begin }) => turns.run(begin)));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: expect.any(ServiceUnavailable) as unknown,
      });
    expect([turns.running, turns.waiting]).toEqual([1, 0]);
    first?.end();
    expect(await running).toBe('a');
    expect(await turns.run(() => Promise.resolve('later'))).toBe('later');
    expect(begun).toEqual(['a']);
  });
});

function fail(): never {
  throw new Error('no work');
}
