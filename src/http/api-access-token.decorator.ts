import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiSecurity } from './api.decorators.js';

/** Documents that a route, or each of a controller's, takes an access token, by either header. */
export function ApiAccessToken(): ClassDecorator & MethodDecorator {
  return applyDecorators(ApiSecurity('x-access-token'), ApiBearerAuth('bearer'));
}
