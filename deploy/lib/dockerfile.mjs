/**
 * @typedef {object} Instruction
 * @property {number} line where it begins, from 1
 * @property {string} keyword in capitals
 * @property {Readonly<Record<string, string>>} flags `--name=value` before the arguments
 * @property {string} text what comes after the flags
 * @property {readonly string[] | undefined} exec the arguments of the JSON form; undefined for the shell form
 */

/**
 * The instructions of a Dockerfile in order, as https://docs.docker.com/reference/dockerfile/ has them, less heredocs and
 * parser directives.
 * @param {string} file its text
 * @returns {Instruction[]}
 */
export function parseDockerfile(file) {
  const instructions = [];
  const lines = file.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    if (isNothing(lines[at])) continue;
    const line = at + 1;
    let text = lines[at];
    while (text.endsWith('\\')) {
      at += 1;
      if (!/^\s*#/.test(lines[at])) text = `${text.slice(0, -1).trimEnd()} ${lines[at].trim()}`;
    }
    instructions.push(instructionOf(line, text.trim()));
  }
  return instructions;
}

/** @param {string} line */
function isNothing(line) {
  return /^\s*(#|$)/.test(line);
}

/**
 * @param {number} line
 * @param {string} text
 * @returns {Instruction}
 */
function instructionOf(line, text) {
  const [, keyword = '', rest = ''] = /^([A-Za-z]+)\s+(.*)$/.exec(text) ?? [];
  if (keyword === '') throw new Error(`line ${line} is no instruction: ${text}`);
  /** @type {Record<string, string>} */
  const flags = {};
  let remaining = rest;
  for (
    let flag;
    (flag = /^--([a-z-]+)=(\S+)\s+/.exec(remaining));
    remaining = remaining.slice(flag[0].length)
  ) {
    flags[flag[1]] = flag[2];
  }
  return { line, keyword: keyword.toUpperCase(), flags, text: remaining, exec: execForm(remaining) };
}

/**
 * `HEALTHCHECK`'s stands after `CMD`.
 * @param {string} text
 * @returns {string[] | undefined}
 */
function execForm(text) {
  const json = text.replace(/^CMD\s+/, '');
  return json.startsWith('[') ? JSON.parse(json) : undefined;
}

/**
 * `A=1 B="2"` of `ENV` and `ARG`.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseAssignments(text) {
  return Object.fromEntries(
    [...text.matchAll(/([A-Za-z_]\w*)=("[^"]*"|\S*)/g)].map(([, name, value]) => [
      name,
      value.replaceAll('"', ''),
    ]),
  );
}
