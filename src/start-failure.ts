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
  const { code, port, address } = error as { code?: unknown; port?: unknown; address?: unknown };
  if (code === 'EADDRINUSE') {
    return (
      `student-auth cannot start: port ${String(port)} is taken. Choose another with PORT=5001 npm start, ` +
      `or see who holds it with: lsof -i :${String(port)} (Windows: netstat -ano | findstr :${String(port)})`
    );
  }
  if (code === 'EACCES') {
    return `student-auth cannot start: port ${String(port)} may not be used by this user. Choose one above 1023 with PORT.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `student-auth cannot start: HOST ${String(address ?? '')} is not an address of this machine.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
