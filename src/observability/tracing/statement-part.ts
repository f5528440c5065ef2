import { SpanKind } from '@opentelemetry/api';
import { driverCode } from '../../database/driver-code.js';
import type { EndedStatement } from '../../database/statement-watch.js';
import type { Part } from './request-trace.js';

/** TypeORM writes some numbers into the text on SQLite. */
const LITERAL = /'(?:[^']|'')*'|(?<![\w$"])\d+(?:\.\d+)?\b/g;
const TABLE = /\b(?:FROM|INTO|UPDATE)\s+"?(\w+)/i;

/**
 * A statement as the semantic conventions for databases have it. Never its values, wherever they stand; nor the error's
 * text, which quotes them.
 */
export function statementPart(system: string, { sql, ms, error }: EndedStatement): Part {
  const text = sql.replace(/\s+/g, ' ').replace(LITERAL, '?').trim();
  const summary = summaryOf(text);
  return {
    name: summary,
    kind: SpanKind.CLIENT,
    ms,
    attributes: { 'db.system.name': system, 'db.query.text': text, 'db.query.summary': summary },
    errorType: error === undefined ? undefined : (driverCode(error) ?? 'error'),
  };
}

/** What is done and to which table first: `SELECT session`. */
function summaryOf(sql: string): string {
  const verb = (/^\w+/.exec(sql)?.[0] ?? 'statement').toUpperCase();
  const table = TABLE.exec(sql)?.[1];
  return table === undefined ? verb : `${verb} ${table}`;
}
