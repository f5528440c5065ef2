import { randomUUID } from 'node:crypto';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.service.js';
import { KeyRing } from './key-ring.js';

/** Reads the key folder again at SIGHUP; a folder that cannot be used leaves the keys as they are. */
export function reloadKeysOnSignal(app: INestApplicationContext): void {
  const logger = new Logger('Keys');
  process.on('SIGHUP', () => {
    reloadKeys(app, logger).catch((error: unknown) => logger.error(error));
  });
}

async function reloadKeys(app: INestApplicationContext, logger: Logger): Promise<void> {
  try {
    app.get(KeyRing, { strict: false }).reload();
  } catch (error) {
    logger.error(error instanceof Error ? error.message : error);
    return;
  }
  logger.log('The signing keys were read again.');
  const operator = { actor: null, ip: '', userAgent: 'SIGHUP', requestId: randomUUID() };
  const audit = app.get(AuditLog, { strict: false });
  await audit.recordAlone({ action: 'keys-reloaded', student: null }, operator);
}
