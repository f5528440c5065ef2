import { Body, Controller, Get, Head, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal } from '../access/current-principal.decorator.js';
import type { Caller, Principal } from '../access/principal.js';
import { Public } from '../access/public.decorator.js';
import { ApiFailures } from '../http/api-failures.decorator.js';
import { CurrentCaller } from '../http/caller.js';
import { MessageResponse } from '../http/message.response.js';
import { NoBody } from '../http/no-body.decorator.js';
import type { VerifiedStudent } from '../students/credentials.service.js';
import { toStudentResponse } from '../students/dto/student.response.js';
import { AuthService } from './auth.service.js';
import { BasicAuthGuard, BasicOrBodyGuard, BodyCredentials, CurrentStudent } from './basic-auth.guard.js';
import { LoginDto } from './dto/login.dto.js';
import { RefreshDto } from './dto/refresh.dto.js';
import { MeResponse, TokenPairResponse, TokenResponse } from './dto/token.response.js';

const COULD_NOT_VERIFY = { 401: 'Could not verify' };

@ApiTags('Login')
@Controller()
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  // Before GET, whose handler Fastify would otherwise run for HEAD too, and open a session.
  @Public()
  @UseGuards(BasicAuthGuard)
  @Head('login')
  @HttpCode(200)
  @ApiBasicAuth('basic')
  @ApiOperation({ summary: 'Check credentials; counts like a login, opens no session' })
  @ApiOkResponse({ description: 'They are good' })
  @ApiFailures([401, 429, 503], COULD_NOT_VERIFY)
  checkCredentials(): void {}

  @Public()
  @UseGuards(BasicAuthGuard)
  @Get('login')
  @ApiBasicAuth('basic')
  @ApiOperation({ summary: 'Log in with HTTP Basic (the user-id is the name or the e-mail)' })
  @ApiOkResponse({ type: TokenResponse })
  @ApiFailures([401, 429, 503], COULD_NOT_VERIFY)
  async logInForToken(
    @CurrentStudent() student: VerifiedStudent,
    @CurrentCaller() caller: Caller,
  ): Promise<TokenResponse> {
    return await this.auth.logInForToken(student, caller);
  }

  @Public()
  @UseGuards(BasicOrBodyGuard)
  @Post('login')
  @HttpCode(200)
  @ApiBasicAuth('basic')
  @ApiSecurity({})
  @ApiOperation({ summary: 'Log in with HTTP Basic or JSON, for a token pair' })
  @ApiBody({ type: LoginDto, required: false })
  @ApiOkResponse({ type: TokenPairResponse })
  @ApiFailures([400, 401, 413, 415, 429, 503], { ...COULD_NOT_VERIFY, 400: 'password is required' })
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
  @ApiOperation({ summary: 'Spend a refresh token for a new pair' })
  @ApiOkResponse({ type: TokenPairResponse })
  @ApiFailures([400, 401, 413, 415, 503], {
    400: 'refresh_token is required',
    401: 'Refresh token is invalid!',
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
  @ApiSecurity('x-access-token')
  @ApiOperation({ summary: 'End this session; its tokens stop working at once' })
  @ApiOkResponse({ type: MessageResponse, example: { message: 'Logged out!' } })
  @ApiFailures([401, 503])
  async logOut(
    @CurrentPrincipal() principal: Principal,
    @CurrentCaller() caller: Caller,
  ): Promise<MessageResponse> {
    await this.auth.logOut(principal, caller);
    return { message: 'Logged out!' };
  }

  @Get('me')
  @ApiSecurity('x-access-token')
  @ApiOperation({ summary: 'Show the student whom the token stands for' })
  @ApiOkResponse({ type: MeResponse })
  @ApiFailures([401, 503])
  me(@CurrentPrincipal() principal: Principal): MeResponse {
    const { email, name, publicId, role } = principal;
    return { student: toStudentResponse({ email, name, public_id: publicId, role }) };
  }
}
