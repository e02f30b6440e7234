import type { PersonRow } from '@attain/contracts';
import {
  type Context,
  type EventStore,
  type Executor,
  type Outcome,
  type ReadModel,
  type ReadModels,
  Refused,
} from '@attain/eventsourcing';
import { EVENT_STORE, EXECUTOR, READ_MODELS } from '@attain/service';
import type { LocalDate } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import { byStream, statesOf, syncStreams, type StreamSync, type Synced, type SyncOptions } from '../sync.js';
import {
  type Assignment,
  type AssignmentChange,
  type AssignmentRows,
  changedRow,
  laidOut,
  placed,
  rowOf,
  SINCE_EVER,
} from './assignment.rules.js';
import { cycleOf } from './hierarchy.rules.js';
import { type ParticipantCommand, participantDecider } from './participant.decider.js';
import { type ParticipantDocument, participantsProjection } from './participants.projection.js';

/** A row of people.csv without `from` is valid from the first day that a company may record. */

@Injectable()
export class ParticipantCommands {
  private readonly model: ReadModel<ParticipantDocument>;

  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(READ_MODELS) models: ReadModels,
  ) {
    this.model = models.model<ParticipantDocument>(participantsProjection.name);
  }

  name(participant: string, name: string, context: Context): Promise<Outcome> {
    return this.execute({ do: 'name', participant, name }, context);
  }

  /** Refused: OVERLAP, HIERARCHY_CYCLE, INVALID_FIELD. */
  async assign(participant: string, row: Assignment, context: Context): Promise<Outcome> {
    const full = rowOf(participant, row);
    await this.refuseCycle(participant, full.manager, (rows) => placed(participant, rows, full));
    return this.execute({ do: 'assign', participant, row: full }, { effective: row.from, ...context });
  }

  /** What changes on a day; the rest is as it was on that day. */
  async change(participant: string, change: AssignmentChange, context: Context): Promise<Outcome> {
    await this.refuseCycle(participant, change.manager ?? null, (rows) =>
      placed(participant, rows, changedRow(participant, rows, change)),
    );
    return this.execute({ do: 'change', participant, change }, { effective: change.from, ...context });
  }

  retract(participant: string, from: LocalDate, context: Context): Promise<Outcome> {
    return this.execute({ do: 'retract', participant, from }, { effective: from, ...context });
  }

  /** The rows of people.csv. Only the people in a cycle of managers are refused. */
  async sync(people: readonly PersonRow[], options: SyncOptions, context: Context): Promise<Synced> {
    const known = await statesOf(this.store, participantDecider);
    const streams: StreamSync<ParticipantCommand>[] = [];
    const refused: Synced['refused'] = [];
    const wanted = new Map<string, AssignmentRows>([...known].map(([id, { rows }]) => [id, rows]));
    for (const [participant, { at, rows }] of byStream(people, ({ id }) => id)) {
      try {
        const assignments = rows.map(assignmentOf);
        wanted.set(
          participant,
          laidOut(
            participant,
            assignments.map((row) => rowOf(participant, row)),
          ),
        );
        const name = rows.findLast((row) => row.name !== undefined)?.name ?? (options.complete ? '' : undefined);
        streams.push({ id: participant, at, command: { do: 'sync', participant, name, rows: assignments } });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused.push({ at, error });
      }
    }
    const sound = streams.filter(({ id, at }) => {
      const found = cycleOf(id, (other) => wanted.get(other));
      if (found) refused.push({ at: at ?? -1, error: cycleRefused(found) });
      return !found;
    });
    if (options.complete) {
      const named = new Set(people.map(({ id }) => id));
      for (const [id, { name, rows }] of known) {
        // Only the rows and the name are retracted, because the log keeps the person.
        if (named.has(id) || (rows.length === 0 && !name)) continue;
        sound.push({ id, at: undefined, command: { do: 'sync', participant: id, name: '', rows: [] } });
      }
    }
    // Rows of one person follow one another, so they stay or change together.
    const parts = { keyOf: ({ from = 'name' }: { from?: string }) => from, whole: true };
    const synced = await syncStreams(this.executor, participantDecider, sound, context, { keep: options.keep, parts });
    return { ...synced, refused: [...refused, ...synced.refused].sort((a, b) => a.at - b.at) };
  }

  private execute(command: ParticipantCommand, context: Context): Promise<Outcome> {
    return this.executor.execute(participantDecider, command.participant, command, context);
  }

  /** By the managers in the read model. It may lack the latest change, and readers tolerate a cycle. */
  private async refuseCycle(
    participant: string,
    manager: string | null,
    next: (rows: AssignmentRows) => AssignmentRows,
  ): Promise<void> {
    if (manager === null) return;
    const rows = new Map<string, AssignmentRows>();
    for (let asked = [participant, manager]; asked.length > 0;) {
      const found = await this.model.getMany(asked);
      for (const id of asked) rows.set(id, found.get(id)?.rows ?? []);
      asked = [...found.values()]
        .flatMap((person) => person.rows.map((row) => row.manager))
        .filter((id) => id !== null && !rows.has(id)) as string[];
    }
    rows.set(participant, next(rows.get(participant) ?? []));
    const found = cycleOf(participant, (other) => rows.get(other));
    if (found) throw cycleRefused(found);
  }
}

function assignmentOf(row: PersonRow): Assignment {
  const { id: _, name: __, role, manager, team, region, currency, from, to, ...others } = row;
  const fields = Object.fromEntries(
    Object.entries(others).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  return {
    from: from ?? SINCE_EVER,
    to: to ?? null,
    role: role ?? null,
    manager: manager ?? null,
    team: team ?? null,
    region: region ?? null,
    currency: currency ?? null,
    fields,
  };
}

function cycleRefused({ date, cycle }: { date: LocalDate; cycle: readonly string[] }): Refused {
  return new Refused('HIERARCHY_CYCLE', `From ${date} on, these would manage one another: ${cycle.join(' → ')}`, {
    date,
    cycle,
  });
}
