import { milliseconds, ratio, spread, table } from './figures.mjs';

/**
 * Runs each contender in turn, round after round, so that whatever else the machine does meets all of them. A first
 * round warms up and does not count.
 * @param contenders `{name, run}`; `run()` resolves to `{perSecond, p50, p99, cpuMs, errors}` of one slice
 */
export async function alternate(contenders, rounds) {
  const slices = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, run } of contenders) {
      const slice = await run();
      if (round > 0) slices.get(name).push(slice);
    }
  }
  return slices;
}

/** One row a contender: medians, and how many times the first one's rate is its own, round by round. */
export function roundsTable(slices) {
  const [ours] = slices.values();
  const middle = (of, what) => spread(of.map((slice) => slice[what])).median;
  return table(
    [...slices].map(([server, of]) => ({
      server,
      'requests/s': Math.round(middle(of, 'perSecond')),
      p50: milliseconds(middle(of, 'p50')),
      p99: milliseconds(middle(of, 'p99')),
      'server CPU a request': milliseconds(middle(of, 'cpuMs')),
      errors: of.reduce((sum, slice) => sum + slice.errors, 0),
      'ours / its rate': of === ours ? '' : ratio(of.map((slice, i) => ours[i].perSecond / slice.perSecond)),
    })),
  );
}
