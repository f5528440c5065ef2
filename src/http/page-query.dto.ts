import { IsString, ValidateBy } from 'class-validator';
import { type CursorOf, type CursorShape, decodeCursor } from '../common/cursor.js';
import { InvalidRequest } from '../common/failures.js';
import { ApiPropertyOptional } from './api.decorators.js';
import { MayBeAbsent } from './may-be-absent.decorator.js';

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1000;

/** What every list takes; a list's own query extends it. Values stay texts: `limitOf` and `cursorOf` read them. */
export class PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: LARGEST_LIMIT,
    default: DEFAULT_LIMIT,
    description: 'The most entries a page holds.',
  })
  @ValidateBy(
    { name: 'pageLimit', validator: { validate: (value) => readLimit(value) !== undefined } },
    { message: `must be a whole number from 1 to ${LARGEST_LIMIT}` },
  )
  @MayBeAbsent()
  readonly limit?: string;

  @ApiPropertyOptional({
    type: 'string',
    description: 'Where the page begins, from the `Link` of the page before.',
  })
  @IsString({ message: 'is not valid' })
  @MayBeAbsent()
  readonly cursor?: string;
}

/** The page's size, from 1 to 1000. */
export function limitOf(query: PageQuery): number {
  return readLimit(query.limit ?? String(DEFAULT_LIMIT)) ?? DEFAULT_LIMIT;
}

/**
 * The keys the page begins after; undefined on the first page.
 *
 * @throws InvalidRequest for a cursor that is not one of this list's
 */
export function cursorOf<const S extends CursorShape>(
  query: PageQuery,
  kind: string,
  shape: S,
): CursorOf<S> | undefined {
  if (query.cursor === undefined) return undefined;
  const keys = decodeCursor(kind, shape, query.cursor);
  if (keys === undefined) throw new InvalidRequest('cursor is not valid');
  return keys;
}

function readLimit(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{1,4}$/.test(text)) return undefined;
  const limit = Number(text);
  return limit >= 1 && limit <= LARGEST_LIMIT ? limit : undefined;
}
