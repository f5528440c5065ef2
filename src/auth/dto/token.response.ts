import { ApiProperty } from '../../http/api.decorators.js';
import { StudentResponse } from '../../students/dto/student.response.js';

const JWT_EXAMPLE = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…';

export class TokenResponse {
  @ApiProperty({ example: JWT_EXAMPLE, description: 'For the header `x-access-token`.' })
  token!: string;
}

export class TokenPairResponse extends TokenResponse {
  @ApiProperty({ example: 'q0Vw…', description: 'For `POST /token/refresh`; good once.' })
  refresh_token!: string;

  @ApiProperty({ enum: ['Bearer'], example: 'Bearer' })
  token_type!: 'Bearer';

  @ApiProperty({ type: 'integer', example: 1800, description: 'Seconds that `token` is good for.' })
  expires_in!: number;
}

export class MeResponse {
  @ApiProperty()
  student!: StudentResponse;
}
