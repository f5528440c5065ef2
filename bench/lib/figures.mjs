/** The middle of some numbers, and their ends. */
export function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}

/** A Markdown table whose columns are the keys of the rows. */
export function table(rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const heads = Object.keys(rows[0]);
  return [line(heads), line(heads.map(() => '---')), ...rows.map((row) => line(Object.values(row)))].join(
    '\n',
  );
}

export function ratio(numbers) {
  const { median, min, max } = spread(numbers);
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

export function milliseconds(value) {
  return Number.isFinite(value) ? `${value < 10 ? value.toFixed(3) : Math.round(value)} ms` : 'unknown';
}

export function megabytes(value) {
  return Number.isFinite(value) ? `${Math.round(value)} MB` : 'unknown';
}
