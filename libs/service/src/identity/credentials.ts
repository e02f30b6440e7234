import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Document, ReadModels } from '@attain/eventsourcing';
import { newUuid } from '@attain/values';
import { READ_MODELS } from '../tokens.js';
import { KeptTable } from '../kept-table.js';
import { kept, matches } from './passwords.js';

const HOUR = 3_600_000;
const CODE_BYTES = 9;
const CODE_LENGTH = 12;

interface Credential extends Document {
  readonly key: string;
  readonly user: string;
  readonly password: string;
  /** Hash of the code that follows the password, known to its approver; null without a code. */
  readonly code: string | null;
  /** Milliseconds since 1970. */
  readonly made: number;
}

/**
 * Hashes of passwords by ids. An event names the id that is valid for a user. So after a crash between both writes the
 * old or the new password is valid, and no change lacks its event.
 */
@Injectable()
export class Credentials {
  private readonly table: KeptTable<Credential>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.table = new KeptTable(models, 'local-credentials');
  }

  async keep(user: string, password: string): Promise<string> {
    return this.adopt(user, await kept(password));
  }

  /** Stores an existing hash. */
  async adopt(user: string, hash: string): Promise<string> {
    return this.put({ key: newUuid(), user, password: hash, code: null, made: Date.now() });
  }

  /** The same password followed by a code, which is returned once: the setter of the password lacks the code. */
  async withCode(id: string): Promise<{ id: string; code: string } | undefined> {
    const known = await this.table.get(id);
    if (!known) return undefined;
    const code = randomBytes(CODE_BYTES).toString('base64url');
    const credential = { ...known, key: newUuid(), code: hashOf(code).toString('base64url'), made: Date.now() };
    return { id: await this.put(credential), code };
  }

  /** Whether any of these hashes is stored. */
  async hold(ids: readonly string[]): Promise<boolean> {
    const found = await Promise.all(ids.map((id) => this.table.get(id)));
    return found.some((credential) => credential !== undefined);
  }

  /** Takes equally long for an unknown user. */
  async fits(id: string | null | undefined, password: string): Promise<boolean> {
    const known = id === null || id === undefined ? undefined : await this.table.get(id);
    if (!known || known.code === null) return matches(password, known?.password);
    const [first, code] = [password.slice(0, -CODE_LENGTH), password.slice(-CODE_LENGTH)];
    const right = timingSafeEqual(hashOf(code), Buffer.from(known.code, 'base64url'));
    return (await matches(first, known.password)) && right;
  }

  /** Deletes the user's hashes that no event names, except recent ones, whose event may still be written. */
  async tidy(user: string, counted: ReadonlySet<string>): Promise<void> {
    const of = await this.table.find({ filter: { user } });
    const old = of.filter(({ key, made }) => !counted.has(key) && made < Date.now() - HOUR);
    await this.table.change(
      old.map(({ key }) => key),
      () => undefined,
    );
  }

  private async put(credential: Credential): Promise<string> {
    await this.table.change([credential.key], () => credential);
    return credential.key;
  }
}

function hashOf(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}
