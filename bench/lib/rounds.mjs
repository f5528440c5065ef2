import { setTimeout as delay } from 'node:timers/promises';
import { milliseconds, ratio, spread, table } from './figures.mjs';

/** In which a server does what was asked of it last: the requests under way when a slice ends are given up, not undone. */
const PAUSE_MS = 300;

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
      await delay(PAUSE_MS);
    }
  }
  return slices;
}

/** The middle of what one contender's slices say of a figure; of the first contender without a name. */
export function median(slices, figure, name = [...slices.keys()][0]) {
  return spread(slices.get(name).map((slice) => slice[figure])).median;
}

/** How many times the first contender's rate is that of another, in the middle of the rounds. */
export function rateRatio(slices, name) {
  const [ours] = slices.values();
  return spread(slices.get(name).map((slice, i) => ours[i].perSecond / slice.perSecond)).median;
}

/** One row a contender: medians, and how many times the first one's rate is its own, round by round. */
export function roundsTable(slices) {
  const [ours] = slices.values();
  return table(
    [...slices].map(([server, of]) => ({
      server,
      'requests/s': Math.round(median(slices, 'perSecond', server)),
      p50: milliseconds(median(slices, 'p50', server)),
      p99: milliseconds(median(slices, 'p99', server)),
      'server CPU a request': milliseconds(median(slices, 'cpuMs', server)),
      errors: of.reduce((sum, slice) => sum + slice.errors, 0),
      'ours / its rate': of === ours ? '' : ratio(of.map((slice, i) => ours[i].perSecond / slice.perSecond)),
    })),
  );
}
