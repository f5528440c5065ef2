/** What one check found: `fail` for what must be mended, `warn` for what somebody should know. */
export interface Finding {
  readonly status: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  /** One line, without any secret. */
  readonly text: string;
}

export const ok = (subject: string, text: string): Finding => ({ status: 'ok', subject, text });
export const warn = (subject: string, text: string): Finding => ({ status: 'warn', subject, text });
export const fail = (subject: string, text: string): Finding => ({ status: 'fail', subject, text });

export function lineOf({ status, subject, text }: Finding): string {
  return `${status.padEnd(4)} ${subject}: ${text}`;
}
