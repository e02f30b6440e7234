import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Document, type ModelWriter, type ReadModels, Refused } from '@attain/eventsourcing';
import { READ_MODELS } from '../tokens.js';
import type { Caller } from './caller.js';
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

const declaration = { name: 'local-users', version: 1, indexes: [], durable: true } as const;

/**
 * Local users, in a table of their own beside the read models: who may sign in is no fact of the business, and passwords don't
 * belong into a log that is kept for ever. The table's position counts its changes, so that two writers can't overwrite each other.
 */
@Injectable()
export class Users {
  #writer: Promise<ModelWriter<Stored>> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(@Inject(READ_MODELS) private readonly models: ReadModels) {}

  async list(): Promise<User[]> {
    await this.#table();
    const stored = await this.models.model<Stored>(declaration.name).find();
    return stored.map(shown).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Adds the user, or replaces what is said of it; without a password the one it has stays. */
  async put(user: User, password?: string): Promise<User> {
    const hash = password === undefined ? undefined : await kept(password);
    await this.#change(user.name, (known) => {
      const secret = hash ?? known?.password;
      if (secret === undefined) throw new Refused('PASSWORD_MISSING', `${user.name} is new and needs a password.`);
      return { ...user, password: secret };
    });
    return user;
  }

  async remove(name: string): Promise<void> {
    await this.#change(name, () => null);
  }

  /** The caller that a name and a password make; undefined when they don't fit. */
  async verified(name: string, password: string): Promise<Caller | undefined> {
    const known = (await (await this.#table()).getMany([name])).get(name)?.document;
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

  async #change(name: string, change: (known: Stored | undefined) => Stored | null): Promise<void> {
    const work = this.#last.then(async () => {
      const table = await this.#table();
      const changed = change((await table.getMany([name])).get(name)?.document);
      const after = await table.position();
      const position = after + 1n;
      await table.commit({
        after,
        position,
        documents: new Map([[name, { document: changed ?? undefined, position }]]),
      });
    });
    this.#last = work.catch(() => undefined);
    await work;
  }

  #table(): Promise<ModelWriter<Stored>> {
    this.#writer ??= this.models.writer<Stored>(declaration).then(async (writer) => {
      await this.models.serve(declaration);
      return writer;
    });
    return this.#writer;
  }
}

function shown({ name, roles, participant, source }: Stored): User {
  return { name, roles, participant, source };
}
