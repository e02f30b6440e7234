import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Context } from '@attain/eventsourcing';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { Malformed, OutOfScope } from '../problem.js';
import { because, Reason } from '../reason.dto.js';
import { CommandContext, Permit, Who } from '../route.js';
import { type Caller, may } from './caller.js';
import { Keys } from './keys.js';
import {
  allowed,
  isReportsIssuer,
  type Permission,
  permissions,
  permissionsOfKeys,
  type Role,
  roles,
} from './roles.js';
import { Answers, nothing, Refuses } from '../answers/answers.js';
import { rowsOf } from '../answers/terms.js';
import { KeyRow, NewlyMadeKey } from './identity.answers.js';

const permissionNames = Object.keys(permissions) as Permission[];

export class KeyDays extends Reason {
  /** Days until the key expires: 90 unless given, at most 365. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(365)
  days?: number;
}

export class NewKey extends KeyDays {
  /** The name of the key for people, such as the program that uses it. */
  @Length(1, 200)
  @Matches(/^[^\p{C}]*$/u, { message: 'name holds control characters' })
  name!: string;

  /** Own roles; finance, auditors and admins may give `reports` too. All own roles unless given. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(roles, { each: true })
  roles?: Role[];

  /** Narrows the key to these permissions of its roles. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(permissionNames, { each: true })
  permissions?: Permission[];
}

@ApiTags('keys')
@Controller('keys')
export class KeysController {
  constructor(@Inject(Keys) private readonly keys: Keys) {}

  @Get()
  @Answers(rowsOf(KeyRow))
  @Permit('keys:read')
  @ApiOperation({
    operationId: 'listKeys',
    summary:
      'My API keys, and everybody’s for admins and auditors: roles, permissions, expiry, last use; never a secret',
  })
  async list(@Who() caller: Caller): Promise<{ rows: KeyRow[] }> {
    return { rows: await this.keys.list(may(caller, 'users:read') ? undefined : caller.actor) };
  }

  @Post()
  @Answers(NewlyMadeKey)
  @HttpCode(200)
  @Permit('keys:write')
  @Refuses('KEY_EXISTS', 'KEYS_TOO_MANY')
  @ApiOperation({
    operationId: 'createKey',
    summary: 'Create an API key within my own roles; its secret is answered once',
  })
  async create(
    @Who() caller: Caller,
    @Body() body: NewKey,
    @CommandContext() context: Context,
  ): Promise<KeyRow & { secret: string }> {
    const { name, roles: held = caller.roles, permissions: narrowed, days = 90, reason } = body;
    const beyond = held.find(
      (role) => !caller.roles.includes(role) && !(role === 'reports' && isReportsIssuer(caller.roles)),
    );
    if (beyond !== undefined)
      throw new Malformed([
        { field: 'roles', message: `you do not have the role ${beyond}, and a key has no more than its creator` },
      ]);
    const outside = narrowed?.find((permission) => !permissionsOfKeys(held, null).includes(permission));
    if (outside !== undefined)
      throw new Malformed([
        {
          field: 'permissions',
          message: allowed(held, outside)
            ? `no key has the permission ${outside}`
            : `the roles ${held.join(', ')} do not have the permission ${outside}`,
        },
      ]);
    if (permissionsOfKeys(held, narrowed ?? null).length === 0)
      throw new Malformed([{ field: 'roles', message: 'the key would have no permission' }]);
    return this.keys.create(
      caller,
      { name: name.normalize('NFC'), roles: held, permissions: narrowed ?? null, days },
      because(context, reason),
    );
  }

  @Post(':key/rotate')
  @Answers(NewlyMadeKey)
  @HttpCode(200)
  @Permit('keys:write')
  @Refuses('NOT_FOUND', 'KEY_OVER')
  @ApiOperation({
    operationId: 'rotateKey',
    summary: 'Rotate the secret of one of my keys, with a new expiry; the old secret is valid for seven more days',
  })
  async rotate(
    @Who() caller: Caller,
    @Param('key') key: string,
    @Body() { days = 90, reason }: KeyDays,
    @CommandContext() context: Context,
  ): Promise<KeyRow & { secret: string }> {
    await this.require(key, caller.actor);
    return this.keys.rotate(key, days, because(context, reason));
  }

  @Delete(':key')
  @Answers(nothing)
  @HttpCode(204)
  @Permit('keys:write')
  @ApiOperation({ operationId: 'revokeKey', summary: 'Revoke one of my keys at once; an admin revokes everybody’s' })
  async revoke(@Who() caller: Caller, @Param('key') key: string, @CommandContext() context: Context): Promise<void> {
    await this.require(key, may(caller, 'users:write') ? undefined : caller.actor);
    await this.keys.revoke(key, context);
  }

  private async require(key: string, of: string | undefined): Promise<void> {
    if (!(await this.keys.list(of)).some((row) => row.key === key)) throw new OutOfScope();
  }
}
