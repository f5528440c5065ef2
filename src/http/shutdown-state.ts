import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';

/**
 * Where the process is on its way out. `serving`: as ever. `draining`: every request is served and its connection ends
 * with the answer. `closing`: nothing new is listened to, a request that still arrives gets 503.
 */
export type Phase = 'serving' | 'draining' | 'closing';

@Injectable()
export class ShutdownState {
  phase: Phase = 'serving';
  private readonly openRequests = new WeakMap<Socket, number>();

  opened(socket: Socket): void {
    this.openRequests.set(socket, (this.openRequests.get(socket) ?? 0) + 1);
  }

  closed(socket: Socket): void {
    this.openRequests.set(socket, (this.openRequests.get(socket) ?? 1) - 1);
  }

  /**
   * Whether the answer about to go out on this connection ends it. Not while others wait behind it: Node drops what was
   * pipelined after an answer that says `Connection: close`.
   */
  endsConnection(socket: Socket): boolean {
    return this.phase !== 'serving' && (this.openRequests.get(socket) ?? 0) <= 1;
  }
}
