import { createHistory, engineVersion, type Fact } from '@attain/compensation';
import { type AttainEvent, decodeEvent, eventTypes } from '@attain/contracts';
import {
  createMemoryEventStore,
  createMemoryReadModels,
  type Projection,
  type StoredEvent,
} from '@attain/eventsourcing';
import { boardDealsProjection } from '@attain/forecasting';
import { issuedStatementsProjection, partsOf } from '@attain/incentives';
import { dealsProjection } from '@attain/pipeline';
import { participantsProjection, quotasProjection } from '@attain/planning';
import { soldDealsProjection } from '@attain/reporting';
import type { FedHistory } from '@attain/service';
import { addDays, dayAfter } from '@attain/values';
import fc from 'fast-check';

/** A row of people.csv as it was recorded; the team is a canary. */
interface Assigned {
  readonly who: number;
  readonly from: string;
  readonly to: string | null;
  readonly manager: number | null;
}
/** A deal's way: each state is recorded after the one before; amounts are canaries. */
interface Sold {
  readonly late: boolean;
  readonly states: readonly {
    readonly owner: number;
    readonly status: 'open' | 'won' | 'lost';
    readonly closed: string;
  }[];
  readonly reversed: string | null;
}
export interface RandomCompany {
  readonly people: readonly Assigned[];
  readonly deals: readonly Sold[];
  readonly quotas: readonly { readonly who: number; readonly period: string; readonly late: boolean }[];
  readonly closed: number;
  readonly zone: string;
  readonly today: string;
  readonly formerManagers: 'keep' | 'none';
}

export const PEOPLE = 6;
export const name = (who: number) => `p${who}`;
const months = ['2025-01', '2025-02', '2025-03', '2025-04', '2025-05', '2025-06'];
export const periods = [...months, '2025-Q1', '2025-Q2', '2025-H1', '2025'];
/** Half of all changes happen where a month begins or ends, where most mistakes are. */
export const day = fc.oneof(
  fc.integer({ min: -5, max: 200 }).map((n) => addDays('2025-01-01', n)),
  fc.constantFrom(...months).chain((month) => fc.constantFrom(`${month}-01`, addDays(`${month}-01`, -1))),
);
const who = fc.nat(PEOPLE - 1);

/** A manager has a smaller number, so no hierarchy runs in a circle. */
const assigned = who
  .chain((person) =>
    fc.record({
      who: fc.constant(person),
      from: day,
      to: fc.option(fc.integer({ min: 0, max: 90 }), { freq: 5, nil: null }),
      manager: fc.option(person === 0 ? fc.constant(null) : fc.nat(person - 1), { freq: 8, nil: null }),
    }),
  )
  .map(({ from, to, ...row }): Assigned => ({ ...row, from, to: to === null ? null : addDays(from, to) }));
const state = fc.record({
  owner: who,
  status: fc.constantFrom('open' as const, 'won' as const, 'won' as const, 'won' as const, 'lost' as const),
  closed: day,
});

export const randomCompany: fc.Arbitrary<RandomCompany> = fc.record({
  people: fc.array(assigned, { minLength: PEOPLE, maxLength: 14 }).map(laidOut),
  deals: fc.array(
    fc.record({
      late: fc.boolean(),
      states: fc.array(state, { minLength: 1, maxLength: 3 }),
      reversed: fc.option(day, { freq: 3, nil: null }),
    }),
    { maxLength: 6 },
  ),
  quotas: fc.array(fc.record({ who, period: fc.constantFrom(...periods), late: fc.boolean() }), { maxLength: 4 }),
  closed: fc.integer({ min: 0, max: 4 }),
  zone: fc.constantFrom('UTC', 'Pacific/Auckland', 'America/Los_Angeles'),
  today: day,
  formerManagers: fc.constantFrom('keep' as const, 'keep' as const, 'none' as const),
});

/** As the service would store them: no two rows of a person have a day in common. */
function laidOut(rows: readonly Assigned[]): Assigned[] {
  const firsts = new Map(rows.map((row) => [`${row.who} ${row.from}`, row]));
  return [...firsts.values()].map((row) => {
    const next = [...firsts.values()]
      .filter(({ who: other, from }) => other === row.who && from > row.from)
      .map(({ from }) => from)
      .sort()[0];
    return next === undefined || (row.to !== null && row.to < next) ? row : { ...row, to: addDays(next, -1) };
  });
}

/** Amounts that no other number equals: nine digits each, different for each kind. */
export const canary = {
  team: (row: number) => 100_000_007 + row * 1_009,
  deal: (deal: number, at: number) => 200_000_033 + deal * 1_000_003 + at * 10_007,
  reversal: (deal: number) => 30_000_001 + deal * 1_013,
  quota: (quota: number) => 400_000_009 + quota * 1_000_033,
};

type Recorded = readonly [stream: string, event: AttainEvent];

function peopleOf({ people }: RandomCompany): Recorded[] {
  return people.map(({ who: person, from, to, manager }, row): Recorded => [
    `participant-${name(person)}`,
    {
      type: 'ParticipantAssigned',
      data: {
        participant: name(person),
        from,
        to,
        role: 'AE',
        manager: manager === null ? null : name(manager),
        team: `T${canary.team(row)}`,
        region: null,
        currency: null,
        fields: {},
      },
    },
  ]);
}

function dealOf({ states, reversed }: Sold, deal: number): Recorded[] {
  const id = `D${deal}`;
  const [first] = states;
  const events: AttainEvent[] = [
    {
      type: 'DealOpened',
      data: {
        source: 'crm',
        id,
        fields: { owner: name(first!.owner), amount: String(canary.deal(deal, 0)), closed: first!.closed },
      },
    },
  ];
  let status = 'open';
  states.forEach((next, at) => {
    // Nobody takes over what it was worth to the owner before.
    if (at > 0)
      events.push(
        priced('1'),
        { type: 'DealReassigned', data: { owner: name(next.owner) } },
        priced(String(canary.deal(deal, at))),
      );
    if (next.status === 'open' && status !== 'open') events.push({ type: 'DealReopened', data: {} });
    if (next.status === status) events.push({ type: 'DealRedated', data: { closed: next.closed } });
    else if (next.status !== 'open')
      events.push({ type: next.status === 'won' ? 'DealWon' : 'DealLost', data: { closed: next.closed } });
    status = next.status;
  });
  if (reversed !== null && status === 'won')
    events.push({
      type: 'DealReversed',
      data: { reversal: 'r', kind: 'refunded', date: reversed, amount: String(canary.reversal(deal)) },
    });
  return events.map((event): Recorded => [`deal-crm:${id}`, event]);
}

function priced(amount: string): AttainEvent {
  return { type: 'DealRepriced', data: { amount, currency: null } };
}

function quotasOf({ quotas }: RandomCompany, late: boolean): Recorded[] {
  return quotas.flatMap(({ who: person, period, late: isLate }, at): Recorded[] =>
    isLate === late
      ? [
          [
            `quota-${name(person)}~revenue`,
            {
              type: 'QuotaAssigned',
              data: {
                for: name(person),
                measure: 'revenue',
                period,
                amount: String(canary.quota(at)),
                target: null,
                credit: ['sales'],
                currency: null,
              },
            },
          ],
        ]
      : [],
  );
}

/** Of the second one a reversal counts on its own day. */
export const measures = {
  revenue: { counts: 'amount', of: 'deals' },
  bookings: { counts: 'amount', of: 'deals', reversals: 'dated' },
} as const;
const projections = [
  dealsProjection,
  boardDealsProjection,
  soldDealsProjection,
  participantsProjection,
  quotasProjection,
  issuedStatementsProjection,
] as unknown as Projection<Record<string, unknown>, AttainEvent>[];

/** The company's log, history and read models, as its services would have them; without a port, a bus or a wait. */
export async function recorded(company: RandomCompany, plan: AttainEvent) {
  const store = createMemoryEventStore();
  const models = createMemoryReadModels();
  const history = Object.assign(createHistory(), {
    reached: async () => undefined,
    span: () => ({ from: '1900-01-01', to: '2199-12-31' }),
  }) as unknown as FedHistory;
  let number = 0;
  const stored: StoredEvent[] = [];
  const record = async (recorded: string, facts: readonly Recorded[]) => {
    const before = await store.head();
    await store.appendMany(
      facts.map(([stream, event]) => {
        number += 1;
        const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
        return {
          stream,
          expected: 'any' as const,
          events: [
            {
              ...event,
              id,
              version: eventTypes.get(event.type)!.version,
              meta: { actor: 'test', correlation: 'test', recorded },
            },
          ],
        };
      }),
    );
    const events: StoredEvent[] = [];
    for await (const page of store.readAll({ after: before })) events.push(...page);
    stored.push(...events);
    history.append(
      events.map(({ id, position, stream, type, version, data, meta }): Fact => ({
        ...decodeEvent(type, version, data),
        id,
        position,
        stream,
        recorded: meta.recorded,
      })),
    );
  };
  const document = {
    currency: 'USD',
    timeZone: company.zone,
    measures,
    access: { formerManagers: company.formerManagers },
  };
  await record('2025-01-01T00:00:00.000Z', [
    ['company-main', { type: 'CompanyConfigured', data: { document } }],
    [`plan-${(plan.data as { plan: string }).plan}`, plan],
    ...peopleOf(company),
    ...quotasOf(company, false),
    ...company.deals.flatMap((deal, at) => (deal.late ? [] : dealOf(deal, at))),
  ]);
  if (company.closed > 0) await close(history, months[company.closed - 1]!, record);
  await record('2025-07-02T00:00:00.000Z', [
    ...quotasOf(company, true),
    ...company.deals.flatMap((deal, at) => (deal.late ? dealOf(deal, at) : [])),
  ]);
  await project(stored, models);
  return { store, models, history, clock: () => clockOn(company) };
}

/** Closes a month, and those before it. */
async function close(
  history: FedHistory,
  month: string,
  record: (recorded: string, facts: readonly Recorded[]) => Promise<void>,
): Promise<void> {
  const known = '2025-07-01T00:00:00.000Z';
  for (const { period, cut, runHash, statements } of history.closings(month, known)) {
    const data = {
      period: period.name,
      ...cut,
      position: String(history.head),
      participants: statements.length,
      runHash,
    };
    await record(known, [
      [`period-${period.name}`, { type: 'PeriodClosed', data }],
      ...statements.flatMap((statement) =>
        partsOf(statement, engineVersion).map((part): Recorded => [
          `statement-${statement.participant}~${period.name}`,
          part,
        ]),
      ),
    ]);
  }
}

/** Late in the evening of UTC, when it is tomorrow already in Auckland. */
function clockOn({ today }: RandomCompany): string {
  return `${today}T22:30:00.000Z`;
}
export function todayOf(company: RandomCompany): string {
  return company.zone === 'Pacific/Auckland' ? dayAfter(company.today) : company.today;
}

async function project(
  events: readonly StoredEvent[],
  models: ReturnType<typeof createMemoryReadModels>,
): Promise<void> {
  for (const projection of projections) {
    const documents = new Map<string, Record<string, unknown> | undefined>();
    for (const event of events) {
      if (!projection.categories.includes(event.category)) continue;
      const decoded = { ...event, ...decodeEvent(event.type, event.version, event.data) } as Parameters<
        typeof projection.evolve
      >[1];
      for (const key of projection.keys(decoded))
        documents.set(key, projection.evolve(documents.get(key), decoded, key));
    }
    const position = events.at(-1)!.position;
    const writer = await models.writer(projection);
    await writer.commit({
      after: 0n,
      position,
      documents: new Map([...documents].map(([key, found]) => [key, { document: found, position }])),
    });
  }
}
