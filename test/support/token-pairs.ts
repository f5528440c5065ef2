import type { StudentFields } from '../factories/student.js';
import type { Answer, Client } from './client.js';

/** What `POST /login` and `POST /token/refresh` give. */
export interface TokenPair {
  readonly token: string;
  readonly refresh_token: string;
  readonly token_type: string;
  readonly expires_in: number;
}

/** An entry of a list of sessions. */
export interface SessionEntry {
  readonly id: string;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly expires_at: string;
  readonly user_agent: string;
  readonly ip: string;
  readonly current: boolean;
  readonly ended_at?: string;
  readonly ended_by?: string;
}

/** `POST /login` with JSON, which must succeed. */
export async function openSession(
  client: Client,
  { name, password }: Pick<StudentFields, 'name' | 'password'>,
  headers: Record<string, string> = {},
): Promise<TokenPair> {
  return pairOf(await client.send('POST', '/login', { json: { name, password }, headers }));
}

export async function refresh(
  client: Client,
  refreshToken: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return await client.send('POST', '/token/refresh', { json: { refresh_token: refreshToken }, headers });
}

/** The pair of an answer, which must be a success. */
export function pairOf(answer: Answer): TokenPair {
  if (answer.status !== 200) throw new Error(`no token pair: ${answer.status} ${answer.text}`);
  return answer.json as TokenPair;
}

/** A token's session, as its claim `sid` says. */
export function sessionIdOf(token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return (JSON.parse(payload) as { sid: string }).sid;
}

/** The sessions of a list, which must be a success. */
export function sessionsOf(answer: Answer): SessionEntry[] {
  if (answer.status !== 200) throw new Error(`no list of sessions: ${answer.status} ${answer.text}`);
  return (answer.json as { sessions: SessionEntry[] }).sessions;
}
