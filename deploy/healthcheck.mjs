// Ends with 0 while the server of this container is ready: the image has neither curl nor wget.
import { get } from 'node:http';

const PATIENCE_MS = 4_000;
const url = `http://127.0.0.1:${process.env.PORT || '5000'}/health/ready`;

const asked = get(url, { timeout: PATIENCE_MS }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
});
asked.on('timeout', () => asked.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
asked.on('error', (error) => {
  console.error(`${url}: ${error.message}`);
  process.exit(1);
});
