import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Refused } from '@attain/eventsourcing';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsOptional, IsString, Length } from 'class-validator';
import { Malformed } from '../problem.js';
import { Permit, Who } from '../route.js';
import type { Caller } from './caller.js';
import { type Role, roles } from './roles.js';
import { SignIns } from './sign-ins.js';
import { type User, Users } from './users.js';

export class UserBody {
  @IsArray()
  @ArrayMaxSize(8)
  @ArrayUnique()
  @IsIn(roles, { each: true })
  roles!: Role[];

  @IsOptional()
  @IsString()
  @Length(1, 400)
  participant?: string;

  /** The only source that an integration may bring in. */
  @IsOptional()
  @IsString()
  @Length(1, 400)
  source?: string;

  /** For a new user, or to set another. */
  @IsOptional()
  @IsString()
  @Length(12, 1000)
  password?: string;
}

/** Only where no identity provider is configured. */
@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(
    @Inject(Users) private readonly users: Users,
    @Inject(SignIns) private readonly signIns: SignIns,
  ) {}

  @Get()
  @Permit('users:read')
  @ApiOperation({ summary: 'Local users, without anything secret' })
  async list(): Promise<{ rows: User[] }> {
    return { rows: await this.users.list() };
  }

  @Put(':name')
  @Permit('users:write')
  @ApiOperation({ summary: 'Add a user, or change one: sessions of the user end' })
  async put(@Who() caller: Caller, @Param('name') name: string, @Body() body: UserBody): Promise<User> {
    if (!/^[\w.@+-]{1,200}$/.test(name))
      throw new Malformed([{ field: 'name', message: 'expected 1 to 200 letters, digits and . _ @ + -' }]);
    if (caller.actor === `user:${name}` && !body.roles.includes('admin')) {
      throw new Refused('OWN_ROLES', 'Nobody takes the admin role from themselves; another admin does.');
    }
    const { roles: held, participant = null, source = null, password } = body;
    const user = await this.users.put({ name, roles: held, participant, source }, password);
    await this.signIns.endAllOf(`user:${name}`);
    return user;
  }

  @Delete(':name')
  @HttpCode(204)
  @Permit('users:write')
  @ApiOperation({ summary: 'Remove a user; its sessions end' })
  async remove(@Who() caller: Caller, @Param('name') name: string): Promise<void> {
    if (caller.actor === `user:${name}`)
      throw new Refused('OWN_ROLES', 'Nobody removes themselves; another admin does.');
    await this.users.remove(name);
    await this.signIns.endAllOf(`user:${name}`);
  }
}
