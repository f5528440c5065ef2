import { ApiProperty } from '../../http/api.decorators.js';
import { AUDIT_ACTIONS, type AuditAction } from '../audit-action.js';

/** An event as the database gives it. */
export interface AuditRow {
  readonly at: string | number;
  readonly action: AuditAction;
  readonly actor: string | null;
  readonly student: string | null;
  readonly ip: string | null;
  readonly user_agent: string;
  readonly request_id: string;
}

export class AuditEventResponse {
  @ApiProperty({ format: 'date-time', example: '2026-01-31T09:30:00.000Z' })
  at!: string;

  @ApiProperty({ enum: AUDIT_ACTIONS })
  action!: AuditAction;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Who did it: a `public_id`, `command line`, or null where nobody was known.',
  })
  actor!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The `public_id` of whom it was done to, also after a deletion.',
  })
  student!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: '127.0.0.1' })
  ip!: string | null;

  @ApiProperty({ example: 'curl/8.5.0', maxLength: 256 })
  user_agent!: string;

  @ApiProperty({ description: "The request's id in the log." })
  request_id!: string;
}

export class AuditEventsResponse {
  @ApiProperty({ type: [AuditEventResponse] })
  events!: AuditEventResponse[];
}

export function toAuditEventResponse(row: AuditRow): AuditEventResponse {
  return {
    at: new Date(Number(row.at)).toISOString(),
    action: row.action,
    actor: row.actor,
    student: row.student,
    ip: row.ip,
    user_agent: row.user_agent,
    request_id: row.request_id,
  };
}
