import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Document, type ReadModels, Refused } from '@attain/eventsourcing';
import { READ_MODELS } from '../tokens.js';
import type { Caller } from './caller.js';
import { KeptTable } from './kept-table.js';
import { kept, matches } from './passwords.js';
import type { Role } from './roles.js';

/** A local user, for installations without an identity provider. */
export interface User {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly participant: string | null;
  readonly source: string | null;
}
interface Stored extends User, Document {
  readonly password: string;
}

/** Local users: passwords don't belong into a log that is kept for ever. */
@Injectable()
export class Users {
  readonly #table: KeptTable<Stored>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.#table = new KeptTable(models, 'local-users');
  }

  async list(): Promise<User[]> {
    const stored = await this.#table.find();
    return stored.map(shown).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Adds the user, or replaces what is said of it; without a password the one it has stays. */
  async put(user: User, password?: string): Promise<User> {
    const hash = password === undefined ? undefined : await kept(password);
    await this.#table.change([user.name], (known) => {
      const secret = hash ?? known?.password;
      if (secret === undefined) throw new Refused('PASSWORD_MISSING', `${user.name} is new and needs a password.`);
      return { ...user, password: secret };
    });
    return user;
  }

  async remove(name: string): Promise<void> {
    await this.#table.change([name], () => undefined);
  }

  /** The caller that a name and a password make; undefined when they don't fit. */
  async verified(name: string, password: string): Promise<Caller | undefined> {
    const known = await this.#table.get(name);
    const fits = await matches(password, known?.password);
    if (!known || !fits) return undefined;
    const { roles, participant, source } = known;
    return {
      actor: `user:${name}`,
      name,
      roles,
      ...(participant !== null && { participant }),
      ...(source !== null && { source }),
    };
  }

  /**
   * On the first start there is nobody: an `admin` comes to be with the secret of the configuration, or with a random one that is
   * answered once and kept nowhere. Undefined when there is nothing to tell.
   */
  async first(secret: string | undefined): Promise<string | undefined> {
    if ((await this.list()).length > 0) return undefined;
    const password = secret ?? randomBytes(18).toString('base64url');
    await this.put({ name: 'admin', roles: ['admin'], participant: null, source: null }, password);
    return secret === undefined ? password : undefined;
  }
}

function shown({ name, roles, participant, source }: Stored): User {
  return { name, roles, participant, source };
}
