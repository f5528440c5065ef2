import type { Role } from '../../access/principal.js';
import { ApiProperty } from '../../http/api.decorators.js';

/** What a client sees of a student: never the password hash, never the database's own id. */
export class StudentResponse {
  @ApiProperty({ example: 'ko1@naver.com' })
  email!: string;

  @ApiProperty({ example: 'kyunghwan1' })
  name!: string;

  @ApiProperty({ example: 'b19415c2-4c1f-473f-909e-4ade1725e841' })
  public_id!: string;

  @ApiProperty({ enum: ['user', 'admin'], example: 'user' })
  role!: Role;
}

export class StudentsResponse {
  @ApiProperty({ type: [StudentResponse] })
  students!: StudentResponse[];
}

/** Field by field, so that a new column never leaks by itself. */
export function toStudentResponse(student: StudentResponse): StudentResponse {
  return { email: student.email, name: student.name, public_id: student.public_id, role: student.role };
}
