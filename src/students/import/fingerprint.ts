import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of what an import reads and of the choices that change what it makes of it. */
export async function fingerprint(file: string, choices: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(choices));
  await pipeline(createReadStream(file), hash, { end: false });
  return hash.digest('base64url');
}
