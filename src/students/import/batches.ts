/** Groups of a size, the last one with what is left. */
export async function* inBatches<T>(rows: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  const batch: T[] = [];
  // A source that has its rows at hand is not awaited for each of them.
  if (Symbol.iterator in rows) {
    for (const row of rows) {
      batch.push(row);
      if (batch.length === size) yield batch.splice(0);
    }
  } else {
    for await (const row of rows) {
      batch.push(row);
      if (batch.length === size) yield batch.splice(0);
    }
  }
  if (batch.length > 0) yield batch;
}
