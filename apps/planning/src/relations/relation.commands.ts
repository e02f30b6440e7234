import type { RelationRow } from '@attain/contracts';
import type { Context, EventStore, Executor, Outcome } from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR } from '@attain/service';
import { SINCE_EVER } from '../participants/assignment.rules.js';
import { Inject, Injectable } from '@nestjs/common';
import { byStream, statesOf, syncStreams, type StreamSync, type Synced, type SyncOptions } from '../sync.js';
import { type Relation, type RelationCommand, relationDecider, type RelationKey } from './relation.decider.js';

@Injectable()
export class RelationCommands {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  record(relation: Relation, context: Context): Promise<Outcome> {
    return this.executor.execute(
      relationDecider,
      relation.person,
      { do: 'record', relation },
      { effective: relation.from, ...context },
    );
  }

  retract(relation: RelationKey, context: Context): Promise<Outcome> {
    return this.executor.execute(
      relationDecider,
      relation.person,
      { do: 'retract', relation },
      { effective: relation.from, ...context },
    );
  }

  /** The rows of relations.csv. */
  async sync(rows: readonly RelationRow[], options: SyncOptions, context: Context): Promise<Synced> {
    const relations = rows.map(({ person, relation, other, from, to }): Relation => ({
      person,
      relation,
      other,
      from: from ?? SINCE_EVER,
      to: to ?? null,
    }));
    const known = await statesOf(this.store, relationDecider);
    const files = byStream(relations, ({ person }) => person);
    const streams = [...files].map(([person, { at, rows }]): StreamSync<RelationCommand> => {
      const others = options.complete
        ? []
        : (known.get(person) ?? []).filter((row) => !rows.some((listed) => sameRow(listed, row)));
      return { id: person, at, command: { do: 'sync', person, relations: [...others, ...rows] } };
    });
    if (options.complete) {
      for (const [person, state] of known) {
        if (state.length > 0 && !files.has(person))
          streams.push({ id: person, at: undefined, command: { do: 'sync', person, relations: [] } });
      }
    }
    return syncStreams(this.executor, relationDecider, streams, context, {
      keep: options.keep,
      parts: { keyOf: ({ relation, other, from }: Relation) => `${relation} ${other} ${from}` },
    });
  }
}

function sameRow(a: Relation, b: Relation): boolean {
  return a.relation === b.relation && a.other === b.other && a.from === b.from;
}
