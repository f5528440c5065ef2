import { Body, Controller, Get, Head, HttpCode, Post, UseGuards } from '@nestjs/common';
import { CurrentPrincipal } from '../access/current-principal.decorator.js';
import type { Caller, Principal } from '../access/principal.js';
import { Public } from '../access/public.decorator.js';
import { ApiAccessToken } from '../http/api-access-token.decorator.js';
import { ApiFailures, couldNotVerify, invalidBody } from '../http/api-failures.decorator.js';
import {
  ApiBasicAuth,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '../http/api.decorators.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import { NoBody } from '../http/no-body.decorator.js';
import { PasswordWork } from '../http/shed-password-work.js';
import type { VerifiedStudent } from '../students/credentials.service.js';
import { toStudentResponse } from '../students/dto/student.response.js';
import { AuthService } from './auth.service.js';
import { BasicAuthGuard, BasicOrBodyGuard, BodyCredentials, CurrentStudent } from './basic-auth.guard.js';
import { LOGIN_EXAMPLES, LoginDto } from './dto/login.dto.js';
import { RefreshDto } from './dto/refresh.dto.js';
import { MeResponse, TokenPairResponse, TokenResponse } from './dto/token.response.js';

const NOT_VERIFIED = { 401: couldNotVerify('basic') };

@ApiTags('Login')
@Controller()
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  // Before GET, whose handler Fastify would otherwise run for HEAD too, and open a session.
  @Public()
  @UseGuards(BasicAuthGuard)
  @PasswordWork()
  @Head('login')
  @HttpCode(200)
  @ApiBasicAuth('basic')
  @ApiOperation({
    summary: 'Check credentials, without a login',
    description: 'A failure counts as one of `GET /login`; no session is opened.',
  })
  @ApiOkResponse({ description: 'They are good.' })
  @ApiFailures([401, 429], NOT_VERIFIED)
  checkCredentials(): void {}

  @Public()
  @UseGuards(BasicAuthGuard)
  @PasswordWork()
  @Get('login')
  @ApiBasicAuth('basic')
  @ApiOperation({
    summary: 'Log in with HTTP Basic, for a token',
    description: 'The user-id is the name or the e-mail. The session ends with its token, after 30 minutes.',
  })
  @ApiOkResponse({ description: 'The access token.', type: TokenResponse })
  @ApiFailures([401, 429], NOT_VERIFIED)
  async logInForToken(
    @CurrentStudent() student: VerifiedStudent,
    @CurrentCaller() caller: Caller,
  ): Promise<TokenResponse> {
    return await this.auth.logInForToken(student, caller);
  }

  @Public()
  @UseGuards(BasicOrBodyGuard)
  @PasswordWork()
  @Post('login')
  @HttpCode(200)
  @ApiBasicAuth('basic')
  @ApiSecurity({})
  @ApiOperation({
    summary: 'Log in with HTTP Basic or JSON, for a token pair',
    description:
      'The session lasts as long as it is refreshed. With `Authorization: Basic` the body is not looked at.',
  })
  @ApiBody({ type: LoginDto, required: false, examples: LOGIN_EXAMPLES })
  @ApiOkResponse({ description: 'The token pair.', type: TokenPairResponse })
  @ApiFailures([400, 401, 413, 415, 429], {
    400: invalidBody('name or email is required', 'password is required'),
    401: couldNotVerify('basic-or-body'),
  })
  async logIn(
    @CurrentStudent() student: VerifiedStudent | undefined,
    @BodyCredentials() credentials: LoginDto,
    @CurrentCaller() caller: Caller,
  ): Promise<TokenPairResponse> {
    return await this.auth.logIn(student, credentials, caller);
  }

  @Public()
  @Post('token/refresh')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Spend a refresh token for a new pair',
    description: 'A refresh token is good once; shown again later, it ends its session.',
  })
  @ApiOkResponse({ description: 'The new pair.', type: TokenPairResponse })
  @ApiFailures([400, 401, 413, 415], {
    400: invalidBody('refresh_token is required'),
    401: {
      description: 'It is unknown, spent, expired or of an ended session.',
      messages: ['Refresh token is invalid!'],
    },
  })
  async refresh(
    @Body() { refresh_token: refreshToken }: RefreshDto,
    @CurrentCaller() caller: Caller,
  ): Promise<TokenPairResponse> {
    return await this.auth.refresh(refreshToken, caller);
  }

  @NoBody()
  @Post('logout')
  @HttpCode(200)
  @ApiAccessToken()
  @ApiOperation({ summary: 'Log out', description: "This session's tokens stop working at once." })
  @ApiOkResponse({ description: 'Done.', type: MessageResponse, example: { message: 'Logged out!' } })
  @ApiFailures([401])
  async logOut(
    @CurrentPrincipal() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.auth.logOut(principal, caller);
    return { message: 'Logged out!' };
  }

  @Get('me')
  @ApiAccessToken()
  @ApiOperation({ summary: 'Show the student whom the token stands for' })
  @ApiOkResponse({ description: 'Oneself.', type: MeResponse })
  @ApiFailures([401])
  me(@CurrentPrincipal() principal: Principal): MeResponse {
    const { email, name, publicId, role } = principal;
    return { student: toStudentResponse({ email, name, public_id: publicId, role }) };
  }
}
