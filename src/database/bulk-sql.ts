/** Rows an INSERT has, and values an IN has: few different texts, so that statements stay prepared. */
const INSERT_SIZES = [200, 40, 8, 1];
const IN_SIZES = [1, 8, 64, 512, 1024];

const texts = new Map<string, string>();

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Multi-row INSERTs, in the order of the rows.
 * @param into `INSERT INTO table (columns)`
 * @param rows as many values each as there are columns
 * @param after what follows the values (`RETURNING …`)
 */
export function* insertsOf(
  into: string,
  rows: readonly (readonly unknown[])[],
  after = '',
): Generator<Statement> {
  for (let start = 0; start < rows.length;) {
    const size = INSERT_SIZES.find((each) => each <= rows.length - start) ?? 1;
    const columns = rows[start]?.length ?? 0;
    const sql = remembered(`${into} ${size} ${after}`, () => {
      const tuples = Array.from({ length: size }, (_each, row) => placeholders(row * columns + 1, columns));
      return `${into} VALUES ${tuples.join(', ')} ${after}`;
    });
    yield { sql, parameters: rows.slice(start, start + size).flat() };
    start += size;
  }
}

/**
 * SELECTs with an IN, filled up with the last value to one of a few lengths.
 * @param select up to and with the column: `SELECT … WHERE column`
 */
export function* selectsIn(select: string, values: readonly string[]): Generator<Statement> {
  const most = IN_SIZES.at(-1) ?? 1;
  for (let start = 0; start < values.length; start += most) {
    const some = values.slice(start, start + most);
    const size = IN_SIZES.find((each) => each >= some.length) ?? most;
    const sql = remembered(`${select} ${size}`, () => `${select} IN ${placeholders(1, size)}`);
    const filling = new Array<unknown>(size - some.length).fill(some.at(-1));
    yield { sql, parameters: [...some, ...filling] };
  }
}

function placeholders(from: number, count: number): string {
  return `(${Array.from({ length: count }, (_each, index) => `$${from + index}`).join(', ')})`;
}

function remembered(key: string, make: () => string): string {
  let text = texts.get(key);
  if (text === undefined) {
    text = make();
    texts.set(key, text);
  }
  return text;
}
