import type { ReadModel, ReadModels } from '@attain/eventsourcing';
import { OutOfScope, READ_MODELS, type Scope } from '@attain/service';
import { compareBytes, type LocalDate } from '@attain/values';
import { Inject, Injectable } from '@nestjs/common';
import type { AssignmentRow, AssignmentRows } from './assignment.rules.js';
import { type ParticipantDocument, participantsProjection } from './participants.projection.js';

/** Somebody as they stand on a day. */
export interface ParticipantOn extends Omit<AssignmentRow, 'from' | 'to'> {
  id: string;
  name: string | null;
  from: LocalDate;
  to: LocalDate | null;
}
export interface Branch {
  id: string;
  name: string | null;
  role: string | null;
  team: string | null;
  region: string | null;
  reports: Branch[];
}

@Injectable()
export class ParticipantsQueries {
  private readonly model: ReadModel<ParticipantDocument>;

  constructor(@Inject(READ_MODELS) models: ReadModels) {
    this.model = models.model<ParticipantDocument>(participantsProjection.name);
  }

  /** Those of the scope who are there on its date, by id. */
  async on(scope: Scope): Promise<ParticipantOn[]> {
    const people = await this.visible(scope);
    return people.flatMap((person) => standing(person, scope.date) ?? []).sort((a, b) => compareBytes(a.id, b.id));
  }

  /** Every row that somebody ever had; OutOfScope for one who does not exist or may not be seen. */
  async one(scope: Scope, participant: string): Promise<{ id: string; name: string | null; rows: AssignmentRows }> {
    scope.require(participant);
    const person = await this.model.get(participant);
    if (!person) throw new OutOfScope();
    return person;
  }

  /** Who stands below whom on the scope's date; a root is managed by nobody whom the scope shows. */
  async hierarchy(scope: Scope): Promise<Branch[]> {
    const people = new Map((await this.on(scope)).map((person) => [person.id, person]));
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

  private async visible(scope: Scope): Promise<ParticipantDocument[]> {
    if (scope.everyone) return this.model.find();
    return [...(await this.model.getMany([...scope.participants])).values()];
  }
}

function standing({ id, name, rows }: ParticipantDocument, date: LocalDate): ParticipantOn | undefined {
  const row = rows.find(({ from, to }) => from <= date && (to === null || to >= date));
  return row && { id, name, ...row };
}
