import { isUtf8 } from 'node:buffer';
import { InvalidRequest } from '../common/failures.js';

/** Bodies are flat; deeper than this is nobody's and would exhaust the stack of whoever walks it recursively. */
const DEEPEST = 16;

const BYTE_ORDER_MARK = '\uFEFF';

export type JsonObject = Record<string, unknown>;

/**
 * Reads a body as a JSON object (RFC 8259); a byte order mark is ignored (section 8.1), and no bytes at all are `{}`, so
 * that the client is told of each missing field.
 *
 * @throws InvalidRequest for bytes that are not UTF-8, broken JSON, another value than an object, and deep nesting
 */
export function readJsonObject(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidRequest('The body must be a JSON object.');
  }
  if (isDeeperThan(value, DEEPEST)) throw new InvalidRequest('The body is nested too deeply.');
  return value as JsonObject;
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new InvalidRequest('The body is not valid JSON.');
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  } catch {
    // The parser's message quotes the body, so it is not even a cause.
    throw new InvalidRequest('The body is not valid JSON.');
  }
}

/** Level by level, not by recursion: the value may be nested as deep as the body is long. */
function isDeeperThan(value: object, limit: number): boolean {
  let level: object[] = [value];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((one) => Object.values(one).filter(isObject));
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
