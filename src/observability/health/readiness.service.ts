import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ServiceUnavailable } from '../../common/failures.js';
import { Database } from '../../database/database.js';
import { ShutdownState } from '../../http/shutdown-state.js';

/** A database that takes longer than this for nothing is not one to send requests to. */
const PATIENCE_MS = 2_000;

@Injectable()
export class Readiness {
  constructor(
    private readonly database: Database,
    private readonly shutdown: ShutdownState,
  ) {}

  /** @throws ServiceUnavailable while the database cannot answer or the process is shutting down */
  async check(): Promise<void> {
    if (this.shutdown.phase !== 'serving')
      throw new ServiceUnavailable({ reason: 'shutdown', logLevel: 'info', detail: 'shutting down' });
    const late = delay(PATIENCE_MS, 'late' as const, { ref: false });
    const asked = this.database.query('SELECT id FROM student WHERE id = $1', [0]).then(
      () => 'answered' as const,
      (error: unknown) => error,
    );
    const outcome = await Promise.race([asked, late]);
    if (outcome === 'answered') return;
    throw new ServiceUnavailable({
      reason: 'database',
      detail: 'the database does not answer',
      ...(outcome === 'late' ? {} : { cause: outcome }),
    });
  }
}
