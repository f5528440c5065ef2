import 'reflect-metadata';
import { loadSettings } from './config/load-settings.js';
import { installGracefulShutdown } from './http/graceful-shutdown.js';
import { createApplication } from './app.setup.js';
import { collectAfterStart } from './observability/idle-memory.js';
import { createLogger } from './observability/logging/logger.js';
import { reloadKeysOnSignal } from './tokens/reload-keys.js';
import { startFailure } from './start-failure.js';

try {
  const settings = loadSettings();
  const app = await createApplication(settings, createLogger(settings));
  installGracefulShutdown(app);
  reloadKeysOnSignal(app);
  await app.listen(settings.port, settings.host);
  collectAfterStart();
} catch (error) {
  console.error(startFailure(error));
  process.exit(1);
}
