import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../access/public.decorator.js';
import { ApiOkResponse, ApiOperation, ApiTags } from '../http/api.decorators.js';
import { JwksResponse } from './jwks.response.js';
import { KeyRing } from './key-ring.js';

@ApiTags('Operations')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: KeyRing) {}

  @Public()
  @Get('jwks.json')
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({
    summary: 'Show the public keys that verify access tokens',
    description: 'Empty under HS256, whose key is secret.',
  })
  @ApiOkResponse({
    description: 'A JWK Set; it may be cached for five minutes.',
    type: JwksResponse,
    headers: { 'Cache-Control': { description: '`public, max-age=300`', schema: { type: 'string' } } },
  })
  jwks(): JwksResponse {
    return {
      keys: this.keys
        .publicKeys()
        .map(({ jwk, kid, algorithm }) => ({ ...jwk, kid, use: 'sig', alg: algorithm })),
    };
  }
}
