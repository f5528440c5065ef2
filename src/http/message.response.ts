import { ApiProperty } from './api.decorators.js';

/** Every failure, and the successes that have nothing else to say. */
export class MessageResponse {
  @ApiProperty()
  message!: string;
}
