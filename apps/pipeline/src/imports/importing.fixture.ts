import { afterEach } from '@jest/globals';
import { createInstance, EVENT_STORE, EXECUTOR, type Instance, READ_MODELS } from '@attain/service';
import type { Decider } from '@attain/eventsourcing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DealDocument } from '../deals/deals.projection.js';
import { PipelineModule } from '../pipeline.module.js';
import type { QuarantineDocument } from '../quarantine/quarantine.projection.js';
import { SourceCommands } from '../sources/source.commands.js';
import { type ImportRequest, type ImportResult, Imports } from './imports.js';
import type { Watch } from './import-run.js';

export const context = { actor: 'user:fin', correlation: 'test' };

export interface Importing {
  readonly instance: Instance;
  map(document: Record<string, unknown>): Promise<void>;
  people(names: Readonly<Record<string, string>>): Promise<void>;
  /** Imports the text as a file of the source; waits until every model has it. */
  bring(text: string | Buffer, request?: Partial<ImportRequest>, watch?: Watch): Promise<ImportResult>;
  deals(): Promise<Map<string, DealDocument>>;
  waiting(): Promise<QuarantineDocument[]>;
  /** Types of what is stored, of these categories, after a position. */
  stored(categories: readonly string[], after?: bigint): Promise<string[]>;
  head(): Promise<bigint>;
  file(text: string | Buffer, name?: string): Promise<string>;
}

type PersonEvent = { type: 'ParticipantNamed'; data: { participant: string; name: string } };
const naming: Decider<null, PersonEvent, PersonEvent> = {
  category: 'participant',
  initial: null,
  decide: (event) => [event],
  evolve: () => null,
};

/** Pipeline alone, in memory, with files of its own; everything is gone after each test. */
export function importing(): () => Promise<Importing> {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  return async () => {
    const instance = await createInstance([PipelineModule]);
    const directory = await mkdtemp(join(tmpdir(), 'attain-import-'));
    ends.push(
      () => instance.close(),
      () => rm(directory, { recursive: true, force: true }),
    );
    const models = instance.get(READ_MODELS);
    const store = instance.get(EVENT_STORE);
    const file = async (text: string | Buffer, name = 'export.csv') => {
      const path = join(directory, name);
      await writeFile(path, text);
      return path;
    };
    return {
      instance,
      file,
      map: async (document) => void (await instance.get(SourceCommands).map(document, context)),
      people: async (names) => {
        for (const [participant, name] of Object.entries(names)) {
          await instance
            .get(EXECUTOR)
            .execute(naming, participant, { type: 'ParticipantNamed', data: { participant, name } }, context);
        }
      },
      bring: async (text, request = {}, watch = {}) => {
        const result = await instance
          .get(Imports)
          .run({ source: 'crm', files: [await file(text)], ...request }, context, watch);
        await instance.caughtUp();
        return result;
      },
      deals: async () => new Map((await models.model<DealDocument>('deals').find()).map((deal) => [deal.id, deal])),
      waiting: () =>
        models.model<QuarantineDocument>('quarantine').find({ sort: [{ field: 'row', order: 'ascending' }] }),
      stored: async (categories, after = 0n) => {
        const types: string[] = [];
        for await (const page of store.readAll({ categories, after })) types.push(...page.map(({ type }) => type));
        return types;
      },
      head: () => store.head(),
    };
  };
}
