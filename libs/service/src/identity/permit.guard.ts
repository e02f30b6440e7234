import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { LOG, type Log } from '../log.js';
import { OutOfScope, PasswordDue } from '../problem.js';
import { type RequestState, stateOf } from '../request.js';
import { PERMISSION, PUBLIC } from '../route.js';
import { Authentication } from './authentication.js';
import { may, maySpeakFor } from './caller.js';
import { KeyRate } from './key-rate.js';
import type { Permission } from './roles.js';
import { sameSecret } from './sessions.js';

/** Admits nobody unless the route states who may use it. */
@Injectable()
export class PermitGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Authentication) private readonly authentication: Authentication,
    @Inject(KeyRate) private readonly rate: KeyRate,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    const request = context.switchToHttp().getRequest<Request>();
    const state = stateOf(request);
    if (this.reflector.getAllAndOverride<string | undefined>(PUBLIC, places) !== undefined) {
      await this.identify(request, state).catch(() => undefined);
      return true;
    }
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION, places);
    if (permission === undefined) {
      this.log.warn('A route declares no permission and refuses everybody', {
        controller: context.getClass().name,
        handler: context.getHandler().name,
      });
      throw new ForbiddenException('Nobody may: this route declares no permission.');
    }
    await this.identify(request, state);
    if (!state.caller) throw new UnauthorizedException('Sign in first.');
    if (state.caller.key !== undefined)
      await this.rate.take(state.caller.key, context.switchToHttp().getResponse<Response>());
    if (
      state.byCookie &&
      state.session &&
      !safe.has(request.method) &&
      !sameSecret(csrfIn(request), state.session.csrf)
    ) {
      throw new ForbiddenException('X-CSRF-Token is missing or is not the one of this session.');
    }
    if (!may(state.caller, permission)) throw new ForbiddenException(`This needs the permission ${permission}.`);
    if (state.caller.passwordDue && !permission.startsWith('session:')) throw new PasswordDue();
    const { source } = request.params;
    if (typeof source === 'string' && !safe.has(request.method) && !maySpeakFor(state.caller, source))
      throw new OutOfScope();
    return true;
  }

  private async identify(request: Request, state: RequestState): Promise<void> {
    Object.assign(state, await this.authentication.identify(request));
  }
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A header, which no form can set, or the hidden field of our own form. */
function csrfIn(request: Request): unknown {
  const header = request.get('X-CSRF-Token');
  if (header !== undefined || !request.is('application/x-www-form-urlencoded')) return header;
  return (request.body as { csrf?: unknown } | undefined)?.csrf;
}
