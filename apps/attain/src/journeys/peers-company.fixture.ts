import type { AttainEvent } from '@attain/contracts';
import { PlanCommands } from '@attain/incentives';
import { EVENT_STORE, serve, type Served } from '@attain/service';
import { addDays, type LocalDate, newUuid } from '@attain/values';
import { services } from '../modules.js';

export interface RandomCompany {
  served: Served;
  rep: string;
  manager: string;
  /** Everybody of the manager, the manager included. */
  reports: readonly string[];
  /** Records the facts of a day, and moves to the next. */
  live(day: LocalDate): Promise<void>;
}

const products = [
  ['Lathe', 30_000],
  ['Drill', 4_000],
  ['Bit', 600],
] as const;
const accounts = ['Acme', 'Bolt', 'Cord', 'Dyne', 'Evo'];
const stages = [
  { name: 'Talking', probability: '20%', category: 'pipeline' },
  { name: 'Signing', probability: '80%', category: 'commit' },
];
const plan = {
  plan: 'AE',
  version: '1',
  effective: { from: '2025-01-01' },
  assignedTo: { roles: ['AE'] },
  pays: 'monthly',
  components: [{ name: 'Commission', measure: 'revenue', rate: '7%' }],
};
const measures = { revenue: { counts: 'amount', of: 'deals' }, wins: { counts: '1', of: 'deals' } };

/** Three teams whose deals follow from a seed; what is outside `unscaled` is larger by `factor`, quotas and deals alike. */
export async function randomCompany(
  seed: number,
  {
    unscaled,
    factor,
  }: {
    unscaled: (of: { rep: string; manager: string; reports: readonly string[] }) => readonly string[];
    factor: number;
  },
): Promise<RandomCompany> {
  let now = '2025-01-01T12:00:00.000Z';
  const random = randomFrom(seed);
  const managers = ['m1', 'm2', 'm3'];
  const reps = randomReps(managers, random);
  const people = {
    rep: 'r11',
    manager: 'm1',
    reports: ['m1', ...reps.filter(({ manager }) => manager === 'm1').map(({ id }) => id)],
  };
  const own = new Set(unscaled(people));
  const scaled = (whose: string, amount: number) => String(own.has(whose) ? amount : amount * factor);

  const served = await serveEmpty(people, () => now);
  const append = async (stream: string, ...events: AttainEvent[]) => {
    const meta = { actor: 'test', correlation: 'c', recorded: now };
    await served.get(EVENT_STORE).append({
      stream,
      expected: 'any',
      events: events.map((event) => ({ ...event, id: newUuid(), version: 1, meta })),
    });
  };
  const { quota, person } = recording(append);
  await append('company-main', {
    type: 'CompanyConfigured',
    data: { document: { currency: 'USD', measures, stages } },
  });
  await person('vp', 'VP', null, null);
  for (const [team, manager] of managers.entries()) await person(manager, 'Manager', 'vp', `Team ${team + 1}`);
  const quotas = new Map<string, number>();
  for (const { id, manager, team } of reps) {
    await person(id, 'AE', manager, team);
    // A step of at least a fifth between any two, so that a percent is no amount to anybody.
    const amount = Math.round(20 * 1.4 ** quotas.size) * 1000;
    quotas.set(id, amount);
  }
  const shuffled = [...quotas.values()].sort(() => random() - 0.5);
  for (const [index, { id }] of reps.entries()) quotas.set(id, shuffled[index]!);
  for (const [id, amount] of quotas) await quota(id, scaled(id, amount), 'sales');
  await assignSums(managers, reps, (id) => Number(scaled(id, quotas.get(id)!)), quota);
  await served.get(PlanCommands).publish(plan, { actor: 'test', correlation: 'c' });

  let deals = 0;
  const deal = async (day: LocalDate) => {
    const owner = reps[Math.floor(random() * reps.length)]!.id;
    const facts = randomDeal(`D${(deals += 1)}`, owner, day, random, (price) =>
      scaled(owner, Math.round(price * (0.5 + random()) * (quotas.get(owner)! / 100_000 + 0.2))),
    );
    await append(...facts);
  };
  return {
    served,
    ...people,
    async live(day) {
      now = `${day}T12:00:00.000Z`;
      for (let left = Math.floor(random() * 5); left > 0; left -= 1) await deal(day);
      now = `${addDays(day, 1)}T18:00:00.000Z`;
      await served.caughtUp(60_000);
    },
  };
}

/** Quotas of managers, teams, regions and the company: the sums of those of their reps. */
async function assignSums(
  managers: readonly string[],
  reps: readonly { id: string; manager: string; team: string }[],
  quotaOf: (id: string) => number,
  quota: (whom: string, amount: string, credit: string) => Promise<void>,
): Promise<void> {
  const sumOf = (among: readonly { id: string }[]) => String(among.reduce((sum, { id }) => sum + quotaOf(id), 0));
  for (const [team, manager] of managers.entries()) {
    await quota(manager, sumOf(reps.filter((rep) => rep.manager === manager)), 'reports');
    await quota(`Team ${team + 1}`, sumOf(reps.filter((rep) => rep.manager === manager)), 'sales');
  }
  for (const name of ['East', 'West'])
    await quota(name, sumOf(reps.filter(({ team }) => region(team) === name)), 'sales');
  await quota('company', sumOf(reps), 'sales');
}

/** Three to five a manager, each manager's a team. */
function randomReps(managers: readonly string[], random: () => number) {
  return managers.flatMap((manager, team) =>
    Array.from({ length: 3 + Math.floor(random() * 3) }, (_, i) => ({
      id: `r${team + 1}${i + 1}`,
      manager,
      team: `Team ${team + 1}`,
    })),
  );
}

type Append = (stream: string, ...events: AttainEvent[]) => Promise<void>;

/** Commands that record quotas and people. */
function recording(append: Append) {
  const quota = (whom: string, amount: string, credit: string) =>
    append(`quota-${whom}~revenue`, {
      type: 'QuotaAssigned',
      data: {
        for: whom,
        measure: 'revenue',
        period: '2025-Q1',
        amount,
        target: null,
        credit: [credit],
        currency: null,
      },
    });

  const person = (participant: string, role: string, manager: string | null, team: string | null) =>
    append(`participant-${participant}`, {
      type: 'ParticipantAssigned',
      data: {
        participant,
        from: '2025-01-01',
        to: null,
        role,
        manager,
        team,
        region: team && region(team),
        currency: null,
        fields: {},
      },
    });
  return { quota, person };
}

const region = (team: string) => (team === 'Team 3' ? 'West' : 'East');

/** A company without facts, served in memory. */
function serveEmpty({ rep, manager }: { rep: string; manager: string }, clock: () => string) {
  return serve(services, {
    name: 'test',
    topology: 'together',
    settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' },
    environment: {},
    signals: false,
    clock,
    print: () => undefined,
    demo: {
      company: 'Random',
      rep: { participant: rep, name: 'Rep' },
      manager: { participant: manager, name: 'Manager' },
    },
  });
}

/** A deal that is won, open, or open without an amount. */
function randomDeal(
  id: string,
  owner: string,
  day: LocalDate,
  random: () => number,
  amountOf: (price: number) => string,
): [stream: string, ...events: AttainEvent[]] {
  const [product, price] = products[Math.floor(random() * products.length)]!;
  const amount = amountOf(price);
  const [account, open] = [accounts[Math.floor(random() * accounts.length)]!, random()];
  const fields = {
    owner,
    product,
    account,
    stage: 'Talking',
    ...(open < 0.8 && { amount }),
    ...(open >= 0.7 && { closed: addDays(day, 20) }),
  };
  const won: AttainEvent[] = open < 0.7 ? [{ type: 'DealWon', data: { closed: day } }] : [];
  return [`deal-crm:${id}`, { type: 'DealOpened', data: { source: 'crm', id, fields } }, ...won];
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
