import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '../../config/settings.js';
import { UnknownPath } from '../../http/http-failures.js';
import { plainAddress } from '../../http/plain-address.js';

const BEARER = /^bearer +(\S.*)$/i;
const FORWARDED = /^(?:forwarded$|x-forwarded-)/;

/**
 * Lets in who shows `METRICS_TOKEN`; where none is set, a peer on the loopback interface that speaks for itself: behind
 * a proxy on this machine everybody would be one. To others there is nothing here.
 */
@Injectable()
export class MetricsAccessGuard implements CanActivate {
  private readonly tokenDigest: Buffer | undefined;

  constructor({ metricsToken }: Settings) {
    this.tokenDigest = metricsToken === undefined ? undefined : digest(metricsToken);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const welcome = this.tokenDigest === undefined ? isLocal(request) : shows(request, this.tokenDigest);
    if (!welcome) throw new UnknownPath();
    return true;
  }
}

function shows({ headers }: FastifyRequest, expected: Buffer): boolean {
  const token = BEARER.exec(headers.authorization ?? '')?.[1];
  return token !== undefined && timingSafeEqual(digest(token), expected);
}

/** Of one length whatever is compared, so that not even that shows in the time. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** By the socket's own address; a header never makes a peer local. */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  const address = plainAddress(socket.remoteAddress ?? '') ?? '';
  const loopback = address === '::1' || address.startsWith('127.');
  return loopback && !Object.keys(headers).some((name) => FORWARDED.test(name));
}
