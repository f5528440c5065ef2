import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../access/public.decorator.js';
import { JwksResponse } from './jwks.response.js';
import { KeyRing } from './key-ring.js';

@ApiTags('Operations')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: KeyRing) {}

  @Public()
  @Get('jwks.json')
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({ summary: 'The public keys that verify our access tokens (empty under HS256)' })
  @ApiOkResponse({ type: JwksResponse })
  jwks(): JwksResponse {
    return {
      keys: this.keys
        .publicKeys()
        .map(({ jwk, kid, algorithm }) => ({ ...jwk, kid, use: 'sig', alg: algorithm })),
    };
  }
}
