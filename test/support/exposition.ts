/** A scrape, read. */
export interface Exposition {
  /** By name: `counter`, `gauge` or `histogram`. */
  readonly types: ReadonlyMap<string, string>;
  /** By series as it stands: `name{label="value"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const HELP = new RegExp(`^# HELP (${NAME}) (?:[^\\\\]|\\\\[\\\\n])+$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const SAMPLE = new RegExp(`^((${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})?) (\\S+)$`);
const NUMBER = /^(?:[+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/**
 * Reads Prometheus' text format, version 0.0.4, and takes nothing that only most readers would take.
 * @throws Error that names the line
 */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  let family = '';
  let helped = '';
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const help = HELP.exec(line);
    const type = TYPE.exec(line);
    if (help) {
      helped = help[1] ?? '';
    } else if (type) {
      family = type[1] ?? '';
      if (family !== helped || types.has(family)) throw new Error(`out of place: ${line}`);
      types.set(family, type[2] ?? '');
    } else {
      const [, series = '', name = '', , value = ''] = SAMPLE.exec(line) ?? [];
      const suffixes = types.get(family) === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (!suffixes.some((suffix) => name === family + suffix)) throw new Error(`not of ${family}: ${line}`);
      if (!NUMBER.test(value)) throw new Error(`not a number: ${line}`);
      if (samples.has(series)) throw new Error(`twice: ${line}`);
      samples.set(series, value === '+Inf' ? Infinity : Number(value));
    }
  }
  checkHistograms(samples);
  return { types, samples };
}

/** Buckets are cumulative, and the last one is the count. */
function checkHistograms(samples: ReadonlyMap<string, number>): void {
  const previous = new Map<string, number>();
  for (const [series, value] of samples) {
    const [, name, le, others = ''] = /^(\w+)_bucket\{le="([^"]+)",?(.*)\}$/.exec(series) ?? [];
    if (name === undefined) continue;
    const histogram = others === '' ? `${name}_count` : `${name}_count{${others}}`;
    if (value < (previous.get(histogram) ?? 0)) throw new Error(`not cumulative: ${series}`);
    previous.set(histogram, value);
    if (le === '+Inf' && samples.get(histogram) !== value) throw new Error(`not its count: ${series}`);
  }
}
