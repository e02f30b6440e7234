import type { ReadModel, ReadModels } from '@attain/eventsourcing';
import { always, notFound, OutOfScope, READ_MODELS, type Scope, type Spans } from '@attain/service';
import { compareBytes, type LocalDate } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import type { AssignmentRow } from './assignment.rules.js';
import { type ParticipantDocument, participantsProjection } from './participants.projection.js';
import type { Branch, ParticipantOn, ParticipantRows } from './participants.answers.js';

export type { Branch, ParticipantOn, ParticipantRows } from './participants.answers.js';

@Injectable()
export class ParticipantQueries {
  private readonly model: ReadModel<ParticipantDocument>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.model = models.model<ParticipantDocument>(participantsProjection.name);
  }

  /** The participants of a day, by default today, whom the scope shows on that day, by id. */
  async on(scope: Scope, date: LocalDate = scope.today): Promise<ParticipantOn[]> {
    const seen = scope.covered(date);
    const people = seen ? [...(await this.model.getMany([...seen])).values()] : await this.model.find();
    return people.flatMap((person) => shownOn(person, date, scope) ?? []).sort((a, b) => compareBytes(a.id, b.id));
  }

  /** All rows of a participant on the days that the scope shows. OutOfScope for an unknown participant, or if it shows no day. */
  async one(scope: Scope, participant: string): Promise<ParticipantRows> {
    const spans = scope.spans(participant);
    if (spans.length === 0) throw new OutOfScope();
    const person = await this.model.get(participant);
    if (!person)
      throw notFound(scope, {
        kind: 'participant',
        name: participant,
        known: (await this.on(scope)).map(({ id }) => id),
      });
    const shown = person.rows.flatMap((row) => cutTo(row, spans));
    const withheld = person.rows.filter((row) => !shown.includes(row)).length;
    return { ...person, rows: shown, withheld };
  }

  /** The hierarchy of a day, by default today. A root has no manager whom the scope shows. */
  async hierarchy(scope: Scope, date?: LocalDate): Promise<Branch[]> {
    const people = new Map((await this.on(scope, date)).map((person) => [person.id, person]));
    const below = new Map<string, string[]>();
    const roots: string[] = [];
    for (const { id, manager } of people.values()) {
      if (manager === null || !people.has(manager)) roots.push(id);
      else below.set(manager, [...(below.get(manager) ?? []), id]);
    }
    const branch = (id: string): Branch => {
      const { name, role, team, region } = people.get(id)!;
      return { id, name, role, team, region, reports: (below.get(id) ?? []).map(branch) };
    };
    return roots.map(branch);
  }
}

function shownOn({ id, name, rows }: ParticipantDocument, date: LocalDate, scope: Scope): ParticipantOn | undefined {
  const row = rows.findLast(({ from, to }) => from <= date && (to === null || to >= date));
  if (!row) return undefined;
  const shown = cutTo(row, scope.spans(id)).find(({ from, to }) => from <= date && (to === null || to >= date));
  return shown && { id, name, ...shown };
}

/** The row, cut to the days that the caller may see. */
function cutTo(row: AssignmentRow, spans: Spans): AssignmentRow[] {
  const last = row.to ?? always.to;
  return spans.flatMap(({ from, to }) => {
    if (from <= row.from && last <= to) return [row];
    if (to < row.from || last < from) return [];
    return [{ ...row, from: from > row.from ? from : row.from, to: to < last ? to : row.to }];
  });
}
