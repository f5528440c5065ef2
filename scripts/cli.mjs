import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Built only where it is missing: a rebuild would take the files from under a server that runs from them.
const root = fileURLToPath(new URL('..', import.meta.url));
const cli = fileURLToPath(new URL('../dist/src/cli.js', import.meta.url));
if (!existsSync(cli)) run(process.execPath, [`${root}node_modules/@nestjs/cli/bin/nest.js`, 'build']);
run(process.execPath, [cli, ...process.argv.slice(2)]);

function run(command, parameters) {
  const { status, error } = spawnSync(command, parameters, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
