import { type INestApplicationContext, Logger } from '@nestjs/common';
import { KeyRing } from './key-ring.js';

/** Reads the key folder again at SIGHUP; a folder that cannot be used leaves the keys as they are. */
export function reloadKeysOnSignal(app: INestApplicationContext): void {
  const keys = app.get(KeyRing, { strict: false });
  const logger = new Logger('Keys');
  process.on('SIGHUP', () => {
    try {
      keys.reload();
      logger.log('The signing keys were read again.');
    } catch (error) {
      logger.error(error instanceof Error ? error.message : error);
    }
  });
}
