import type { ColumnOptions } from 'typeorm';

/** A time column: milliseconds since the Unix epoch, a 64-bit integer in both databases. */
export const epochMilliseconds: ColumnOptions = {
  type: 'bigint',
  // pg hands 64-bit integers over as strings; ours stay far below 2^53.
  transformer: { to: (ms: unknown) => ms, from: (ms: unknown) => (ms === null ? null : Number(ms)) },
};
