import type { JsonWebKey } from 'node:crypto';
import { ApiProperty } from '../http/api.decorators.js';

/** RFC 7517, section 5. */
export class JwksResponse {
  @ApiProperty({
    type: 'array',
    items: {
      type: 'object',
      required: ['kty', 'kid', 'use', 'alg'],
      properties: {
        kty: { type: 'string', examples: ['EC'] },
        kid: { type: 'string', description: 'RFC 7638 thumbprint' },
        use: { type: 'string', examples: ['sig'] },
        alg: { type: 'string', enum: ['ES256', 'RS256'] },
      },
      additionalProperties: { type: 'string' },
    },
    example: [],
  })
  keys!: (JsonWebKey & { kid: string; use: 'sig'; alg: string })[];
}
