import { ApiProperty, ApiPropertyOptional } from '../http/api.decorators.js';
import type { SessionEnd } from './session.entity.js';
import type { ListedSession } from './session-list.service.js';

const INSTANT = { format: 'date-time', example: '2026-01-31T09:30:00.000Z' };
const ENDS: SessionEnd[] = [
  'rotated-reused',
  'logout',
  'owner',
  'admin',
  'password',
  'role',
  'expired',
  'limit',
];

export class SessionResponse {
  @ApiProperty({ format: 'uuid', example: '0c6f8f0e-6c2e-4b52-9c40-0f6a3f5a3f0b' })
  id!: string;

  @ApiProperty(INSTANT)
  created_at!: string;

  @ApiProperty({ ...INSTANT, description: 'The last login or refresh.' })
  last_used_at!: string;

  @ApiProperty(INSTANT)
  expires_at!: string;

  @ApiProperty({ example: 'curl/8.5.0', maxLength: 256 })
  user_agent!: string;

  @ApiProperty({ example: '127.0.0.1' })
  ip!: string;

  @ApiProperty({ description: 'Whether it is the session of the token that asks.' })
  current!: boolean;

  @ApiPropertyOptional({ ...INSTANT, description: 'With `?ended=true`, of an ended session.' })
  ended_at?: string;

  @ApiPropertyOptional({ enum: ENDS, description: 'With `?ended=true`, of an ended session.' })
  ended_by?: SessionEnd;
}

export class SessionsResponse {
  @ApiProperty({ type: [SessionResponse] })
  sessions!: SessionResponse[];
}

/** @param currentId the session of the token that asks */
export function toSessionResponse(session: ListedSession, currentId: string): SessionResponse {
  return {
    id: session.id,
    created_at: instant(session.createdAt),
    last_used_at: instant(session.lastUsedAt),
    expires_at: instant(session.expiresAt),
    user_agent: session.userAgent,
    ip: session.ip,
    current: session.id === currentId,
    ...(session.endedAt === null ? {} : { ended_at: instant(session.endedAt) }),
    ...(session.endedBy === null ? {} : { ended_by: session.endedBy }),
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
