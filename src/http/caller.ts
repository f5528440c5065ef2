import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller, Principal } from '../access/principal.js';
import { plainAddress } from './plain-address.js';

const LONGEST_USER_AGENT = 256;
const CONTROLS = /\p{Cc}/gu;

/** Where the request comes from; the address as far as TRUST_PROXY lets it be believed. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

type Asking = Pick<FastifyRequest, 'ip' | 'socket' | 'headers' | 'id'> & { readonly user?: Principal };

export function callerOf(request: Asking): Caller {
  return {
    actor: request.user?.publicId ?? null,
    // A proxy may pass on any text as an address.
    ip: plainAddress(request.ip) ?? plainAddress(request.socket.remoteAddress ?? '') ?? 'unknown',
    userAgent: (request.headers['user-agent'] ?? '').replace(CONTROLS, '').slice(0, LONGEST_USER_AGENT),
    requestId: request.id,
  };
}
