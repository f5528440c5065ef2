// Ends with 0 while the server of this container is ready: the image has neither curl nor wget.
import { get } from 'node:http';

const PATIENCE_MS = 4_000;
const { HOST, PORT } = process.env;
// Who listens everywhere listens on the loopback address too.
const host = !HOST || HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
const where = { host, port: PORT || '5000', path: '/health/ready', timeout: PATIENCE_MS };

const asked = get(where, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
});
asked.on('timeout', () => asked.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
asked.on('error', (error) => {
  console.error(`${where.path} at ${host}, port ${where.port}: ${error.message}`);
  process.exit(1);
});
