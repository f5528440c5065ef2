import { Injectable } from '@nestjs/common';
import type { Principal, Role } from '../access/principal.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.js';
import type { AccessTokenClaims } from '../tokens/access-token-claims.js';

interface Row {
  readonly id: number;
  readonly public_id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** Whom a checked token stands for, asked of the database at every request: one statement by two unique keys. */
const LIVE_SESSION = `SELECT st.id, st.public_id, st.name, st.email, st.role
  FROM session s JOIN student st ON st.id = s.student_id
 WHERE s.id = $1 AND st.public_id = $2 AND s.ended_at IS NULL AND s.expires_at > $3`;

@Injectable()
export class Principals {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Undefined when the session is not a live one of that student. */
  async find({ publicId, sessionId }: AccessTokenClaims): Promise<Principal | undefined> {
    const [row] = await this.database.query<Row>(LIVE_SESSION, [sessionId, publicId, this.clock.now()]);
    return (
      row && {
        studentId: row.id,
        publicId: row.public_id,
        name: row.name,
        email: row.email,
        role: row.role,
        sessionId,
      }
    );
  }
}
