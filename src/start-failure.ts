import { SettingsError } from './config/settings-error.js';
import { DatabaseStartError } from './database/database-start-error.js';
import { KeyFileError } from './tokens/key-file.js';

/** What a person at the terminal is told when the start fails: one line for what they can mend, else the stack. */
export function startFailure(error: unknown): string {
  if (
    error instanceof SettingsError ||
    error instanceof DatabaseStartError ||
    error instanceof KeyFileError
  ) {
    return `student-auth cannot start: ${error.message}`;
  }
  return listenFailure(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** Why the address cannot be listened on; undefined for any other error. */
function listenFailure(error: unknown): string | undefined {
  const { code, port, syscall } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (code === 'EADDRINUSE') {
    return (
      `student-auth cannot start: port ${port} is taken. Choose another with PORT=${Number(port) + 1} npm start, ` +
      `or see who holds it with: lsof -i :${port} (Windows: netstat -ano | findstr :${port})`
    );
  }
  if (code === 'EACCES' && syscall === 'listen') {
    return `student-auth cannot start: port ${port} may not be used by this user. Choose one above 1023 with PORT.`;
  }
  if (code === 'EADDRNOTAVAIL' || (code === 'ENOTFOUND' && syscall === 'getaddrinfo')) {
    return 'student-auth cannot start: HOST is not an address of this machine.';
  }
  return undefined;
}
