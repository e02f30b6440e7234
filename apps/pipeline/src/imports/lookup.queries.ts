import {
  type CompanyDocument,
  companySchema,
  decodeEvent,
  didYouMean,
  type SourceDocument,
  sourceSchema,
} from '@attain/contracts';
import { type EventStore, Refused } from '@attain/eventsourcing';
import { EVENT_STORE } from '@attain/service';
import { Inject, Injectable } from '@nestjs/common';
import type { Lookups, PeopleColumn } from './cells.rules.js';
import type { As } from './fields.rules.js';

/** The present data that a mapping refers to: people, tables, the company, the sources. */
export interface Known {
  readonly company: CompanyDocument | undefined;
  readonly sources: ReadonlyMap<string, SourceDocument>;
  readonly lookups: Lookups;
}

interface Person {
  name: string;
  rows: Map<string, Readonly<Record<string, string | null>>>;
}

@Injectable()
export class LookupQueries {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** From the events themselves, because a read model may lack people who were just imported. */
  async known(): Promise<Known> {
    const people = new Map<string, Person>();
    const tables = new Map<string, { columns: readonly string[]; rows: readonly (readonly string[])[] }>();
    const sources = new Map<string, SourceDocument>();
    let company: CompanyDocument | undefined;
    for await (const page of this.store.readAll({ categories: ['participant', 'table', 'company', 'source'] })) {
      for (const stored of page) {
        const event = decodeEvent(stored.type, stored.version, stored.data);
        switch (event.type) {
          case 'ParticipantNamed':
            personOf(people, event.data.participant).name = event.data.name;
            break;
          case 'ParticipantAssigned': {
            const { participant, from, role, manager, team, region, currency, fields } = event.data;
            personOf(people, participant).rows.set(from, { ...fields, role, manager, team, region, currency });
            break;
          }
          case 'ParticipantAssignmentRetracted':
            personOf(people, event.data.participant).rows.delete(event.data.from);
            break;
          case 'TableDefined':
            tables.set(event.data.table, event.data);
            break;
          case 'TableRetracted':
            tables.delete(event.data.table);
            break;
          case 'CompanyConfigured':
            company = companySchema.parse(event.data.document);
            break;
          case 'SourceMapped':
            sources.set(stored.stream.slice('source-'.length), sourceSchema.parse(event.data.document));
            break;
        }
      }
    }
    return {
      company,
      sources,
      lookups: { people: columnsOf(people), table: (name) => tableOf(name, tables.get(name)) },
    };
  }
}

/** The document of a source; `as` may be left out where the source brings one kind only. Refused SOURCE_UNKNOWN, SOURCE_AMBIGUOUS. */
export function documentFor(known: Known, source: string, as: As | undefined): { document: SourceDocument; as: As } {
  const found = [...known.sources.values()].filter(
    (document) => document.source === source && (as === undefined || document.as === as),
  );
  const [document, second] = found;
  if (!document)
    throw new Refused(
      'SOURCE_UNKNOWN',
      `There is no mapping of ${as ? `${as} of ` : ''}the source ${JSON.stringify(source)}${didYouMean(
        source,
        new Set([...known.sources.values()].map((one) => one.source)),
      )}`,
      { source },
    );
  if (second)
    throw new Refused(
      'SOURCE_AMBIGUOUS',
      `The source ${source} brings ${found.map((one) => one.as).join(' and ')}: name the kind`,
      { source },
    );
  return { document, as: document.as };
}

/** The source of deals that a reference without a source means: the own source if it has deals, else the only source that has. */
export function dealSourceOf(known: Known, source: string): string {
  const bringing = [
    ...new Set([...known.sources.values()].filter(({ as }) => as === 'deals').map((document) => document.source)),
  ];
  return bringing.includes(source) || bringing.length !== 1 ? source : bringing[0]!;
}

function personOf(people: Map<string, Person>, id: string): Person {
  let person = people.get(id);
  if (!person) people.set(id, (person = { name: '', rows: new Map() }));
  return person;
}

/** One index for each requested column, with everybody who has or had the value. */
function columnsOf(people: ReadonlyMap<string, Person>): Lookups['people'] {
  const known = new Map<string, PeopleColumn | undefined>();
  return (column) => {
    if (known.has(column)) return known.get(column);
    const values = new Map<string, string[]>();
    for (const [id, { name, rows }] of people) {
      if (column === 'id') values.set(id, [id]);
      const texts = column === 'name' ? [name] : [...rows.values()].map((row) => row[column] ?? '');
      for (const value of new Set(texts))
        if (value !== '' && column !== 'id') values.set(value, [...(values.get(value) ?? []), id]);
    }
    known.set(column, values.size > 0 ? values : undefined);
    return known.get(column);
  };
}

function tableOf(
  name: string,
  table: { columns: readonly string[]; rows: readonly (readonly string[])[] } | undefined,
): ReadonlyMap<string, string> | string {
  if (!table) return `there is no table ${JSON.stringify(name)}`;
  if (table.columns.length !== 2)
    return `the table ${JSON.stringify(name)} has ${table.columns.length} columns, but two are needed: from and to`;
  return new Map(table.rows.map((row) => [row[0]!, row[1]!]));
}
