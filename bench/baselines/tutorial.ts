/*
 * What a tutorial has one write: Nest on Express, TypeORM on SQLite, bcrypt, a guard that verifies the token under a
 * text secret and looks the user up. No sessions, no throttle, no log.
 */
import { createRequire } from 'node:module';
import 'reflect-metadata';
import {
  Body,
  type CanActivate,
  ConflictException,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Module,
  NotFoundException,
  Param,
  Post,
  Query,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { IsEmail, IsString } from 'class-validator';
import { ExpressAdapter } from 'nest-platform-express';
import { Column, DataSource, Entity, type Repository, PrimaryGeneratedColumn } from 'typeorm';

/** Has no types of its own. */
const bcrypt = createRequire(import.meta.url)('bcrypt') as {
  hash(password: string, rounds: number): Promise<string>;
  compare(password: string, hash: string): Promise<boolean>;
};

const ROUNDS = 10;
const USERS = 'USERS';

@Entity()
class User {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ unique: true })
  public_id!: string;

  @Column({ unique: true })
  name!: string;

  @Column({ unique: true })
  email!: string;

  @Column()
  password!: string;

  @Column({ default: 'user' })
  role!: string;
}

class LoginDto {
  @IsString()
  name!: string;

  @IsString()
  password!: string;
}

class RegisterDto extends LoginDto {
  @IsEmail()
  email!: string;
}

@Injectable()
class UsersService {
  constructor(@Inject(USERS) private readonly users: Repository<User>) {}

  findOne(publicId: string): Promise<User | null> {
    return this.users.findOneBy({ public_id: publicId });
  }

  findByName(name: string): Promise<User | null> {
    return this.users.findOneBy({ name });
  }

  findPage(take: number): Promise<User[]> {
    return this.users.find({ order: { id: 'ASC' }, take });
  }

  async create({ name, email, password }: RegisterDto): Promise<void> {
    if (await this.findByName(name)) throw new ConflictException();
    const user = this.users.create({ public_id: crypto.randomUUID(), name, email });
    user.password = await bcrypt.hash(password, ROUNDS);
    await this.users.save(user);
  }
}

@Injectable()
class AuthGuard implements CanActivate {
  constructor(
    private readonly jwt: JwtService,
    private readonly users: UsersService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, string | undefined>; user: User }>();
    const token = request.headers['x-access-token'];
    if (!token) throw new UnauthorizedException();
    const { public_id } = await this.jwt.verifyAsync<{ public_id: string }>(token).catch(() => {
      throw new UnauthorizedException();
    });
    const user = await this.users.findOne(public_id);
    if (!user) throw new UnauthorizedException();
    request.user = user;
    return true;
  }
}

@Controller()
class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly jwt: JwtService,
  ) {}

  @Get('health/live')
  live() {
    return { status: 'ok' };
  }

  @Post('student')
  async register(@Body() dto: RegisterDto) {
    await this.users.create(dto);
    return { message: 'created' };
  }

  @Post('login')
  @HttpCode(200)
  async login(@Body() { name, password }: LoginDto) {
    const user = await this.users.findByName(name);
    if (!user || !(await bcrypt.compare(password, user.password))) throw new UnauthorizedException();
    return { token: await this.jwt.signAsync({ public_id: user.public_id }) };
  }

  @UseGuards(AuthGuard)
  @Get('student')
  async findPage(@Query('limit') limit: string) {
    return { students: (await this.users.findPage(Number(limit))).map(withoutPassword) };
  }

  @UseGuards(AuthGuard)
  @Get('student/:id')
  async findOne(@Param('id') id: string) {
    const user = await this.users.findOne(id);
    if (!user) throw new NotFoundException();
    return { students: [withoutPassword(user)] };
  }
}

function withoutPassword({ email, name, public_id, role }: User) {
  return { email, name, public_id, role };
}

@Module({
  imports: [
    JwtModule.register({ secret: process.env['JWT_SECRET'] ?? '', signOptions: { expiresIn: '30m' } }),
  ],
  controllers: [UsersController],
  providers: [
    UsersService,
    {
      provide: USERS,
      useFactory: async () => {
        const database = process.env['DATABASE_FILE'] ?? ':memory:';
        const source = new DataSource({
          type: 'better-sqlite3',
          database,
          entities: [User],
          synchronize: true,
        });
        return (await source.initialize()).getRepository(User);
      },
    },
  ],
})
class AppModule {}

const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: false });
app.useGlobalPipes(new ValidationPipe());
await app.listen(Number(process.env['PORT']), '127.0.0.1');
