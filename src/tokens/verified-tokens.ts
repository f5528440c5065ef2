import { Injectable } from '@nestjs/common';
import { KeyRing } from './key-ring.js';

/** Some 4 MB of tokens and payloads. */
const MOST = 4_096;

/**
 * The payloads of tokens whose signature, issuer and audience were found good under the keys of now; they cannot become
 * bad while the keys stay. What can change (the times, the session, the student) is not remembered, and is checked at
 * every request.
 */
@Injectable()
export class VerifiedTokens {
  private readonly payloads = new Map<string, unknown>();
  private generation: number;

  constructor(private readonly keys: KeyRing) {
    this.generation = keys.generation;
  }

  payloadOf(token: string): unknown {
    this.forgetOldKeys();
    return this.payloads.get(token);
  }

  remember(token: string, payload: unknown): void {
    this.forgetOldKeys();
    if (this.payloads.size >= MOST) this.payloads.delete(this.payloads.keys().next().value ?? '');
    this.payloads.set(token, payload);
  }

  private forgetOldKeys(): void {
    if (this.generation === this.keys.generation) return;
    this.payloads.clear();
    this.generation = this.keys.generation;
  }
}
