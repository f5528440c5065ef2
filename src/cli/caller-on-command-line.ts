import { randomUUID } from 'node:crypto';
import type { Caller } from '../access/principal.js';

/** Who acts when a command does: whoever may run commands here, known by nothing but that. */
export function callerOnCommandLine(command: string): Caller {
  return { actor: 'command line', ip: 'command line', userAgent: command, requestId: randomUUID() };
}
