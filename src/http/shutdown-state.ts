import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';

/**
 * Where the process is on its way out.
 *
 * - `serving`: as ever.
 * - `leaving`: as ever, but not ready any more, so that balancers send new clients elsewhere.
 * - `draining`: no new connections; every request is served, and its connection ends with the answer.
 * - `closing`: a request that still arrives gets 503.
 */
export type Phase = 'serving' | 'leaving' | 'draining' | 'closing';

@Injectable()
export class ShutdownState {
  phase: Phase = 'serving';
  private readonly latest = new WeakMap<Socket, IncomingMessage>();

  /** Notes that a request has arrived on its connection. */
  arrived(request: IncomingMessage): void {
    this.latest.set(request.socket, request);
  }

  /**
   * Whether the answer to this request ends its connection. Not while others wait behind it: Node drops what was
   * pipelined after an answer that says `Connection: close`.
   */
  endsConnection(request: IncomingMessage): boolean {
    const ending = this.phase === 'draining' || this.phase === 'closing';
    return ending && this.latest.get(request.socket) === request;
  }
}
