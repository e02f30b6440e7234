import { nearest, suggestion, type Warning } from '@attain/contracts';
import type { LocalDate } from '@attain/values';
import { STEP } from '../facts/steps.js';
import { OPEN } from '../facts/view.js';
import type { World } from '../plans/world.js';
import { published } from './published.js';
import { aboutDeal, warning } from './warning.js';
import { dealName, type WonDeal, wonDeals } from './won-deals.js';
import { counted, listed, quoted, Sums } from './words.js';

/** Unpaid deals of somebody, for one reason. */
class Unpaid {
  readonly deals: WonDeal[] = [];
  readonly people = new Set<string>();
  readonly sums = new Sums();
  first: LocalDate = OPEN;
  last: LocalDate = '';

  add(deal: WonDeal, person: string): void {
    this.deals.push(deal);
    this.people.add(person);
    this.sums.add(deal.amount, deal.currency);
    if (deal.closed < this.first) this.first = deal.closed;
    if (deal.closed > this.last) this.last = deal.closed;
  }

  /** `3 deals (12.00 EUR, closed from … to …)`. */
  words(): string {
    const days = this.first === this.last ? `on ${this.first}` : `from ${this.first} to ${this.last}`;
    const money = this.sums.words();
    return `${counted(this.deals.length, 'won deal')} (${money === '' ? '' : `${money}, `}closed ${days})`;
  }
}

/** Owners and others with a share who are unknown, absent on the day, or in no plan. */
export function* unpaidPeople(world: World): Generator<undefined, Warning[]> {
  const unknown = new Map<string, Unpaid>();
  const absent = new Map<string, Unpaid>();
  const unplanned = new Map<string, Unpaid>();
  const versions = published(world).map(({ inForce }) => inForce);
  const first = versions.reduce<LocalDate>((least, { from }) => (from < least ? from : least), OPEN);
  const named = new Map<string, boolean>();
  const take = (of: Map<string, Unpaid>, key: string, deal: WonDeal, person: string) => {
    let found = of.get(key);
    if (found === undefined) of.set(key, (found = new Unpaid()));
    found.add(deal, person);
  };
  for (const [index, deal] of wonDeals(world).entries()) {
    if (index % STEP === STEP - 1) yield;
    for (const person of deal.overlay.length === 0 ? deal.holders : [...deal.holders, ...deal.overlay]) {
      if (world.rows(person).length === 0) {
        take(unknown, person, deal, person);
        continue;
      }
      const row = world.row(person, deal.closed);
      if (row === undefined) take(absent, person, deal, person);
      else if (deal.closed >= first) {
        const key = `${person}\u0000${deal.closed}`;
        let isNamed = named.get(key);
        if (isNamed === undefined) {
          isNamed = versions.some(
            ({ version, from, to }) => from <= deal.closed && deal.closed <= to && version.names(person, row),
          );
          named.set(key, isNamed);
        }
        if (!isNamed) take(unplanned, row.role ?? '', deal, person);
      }
    }
  }
  return [
    ...(yield* unknownPeople(unknown, world)),
    ...absentPeople(absent, world),
    ...unplannedPeople(unplanned, world),
  ];
}

function* unknownPeople(found: ReadonlyMap<string, Unpaid>, world: World): Generator<undefined, Warning[]> {
  const known = [...world.facts.people.keys()];
  const warnings: Warning[] = [];
  for (const [person, unpaid] of found) {
    // A hint compares with everybody.
    yield;
    const hint = known.length <= 2000 ? suggestion(person, known) : '';
    warnings.push(
      warning(
        'PERSON_UNKNOWN',
        aboutDeal(unpaid.deals[0]!),
        `there is no person ${quoted(person)}${hint}, but ${unpaid.words()} ${is(unpaid)} theirs: nobody is paid for ${them(unpaid)}`,
        null,
      ),
    );
  }
  return warnings;
}

function absentPeople(found: ReadonlyMap<string, Unpaid>, world: World): Warning[] {
  return [...found].map(([person, unpaid]) => {
    const rows = world.rows(person);
    const [begins, last] = [rows[0]!, rows.at(-1)!];
    const ends = last.to ?? OPEN;
    const when =
      unpaid.first > ends
        ? `${person}'s row ends on ${ends}, before`
        : unpaid.last < begins.from
          ? `${person}'s first row begins on ${begins.from}, after`
          : `${person} has no row on the days of`;
    const shared = unpaid.deals.some(({ holders }) => holders.length > 1) ? ', some of them shared' : '';
    const message = `${when} ${unpaid.words()}${shared}: ${person} is not paid for ${them(unpaid)} (${listed(unpaid.deals.map(dealName))}); correct the dates of the row, or give the deals to somebody else`;
    return warning(
      'PERSON_ABSENT',
      { kind: 'person', person, from: (unpaid.last < begins.from ? begins : last).from },
      message,
      [person],
    );
  });
}

function unplannedPeople(found: ReadonlyMap<string, Unpaid>, world: World): Warning[] {
  const roles = new Set(published(world).flatMap(({ document }) => document.assignedTo.roles ?? []));
  return [...found].map(([role, unpaid]) => {
    const people = [...unpaid.people].sort();
    const near = role === '' ? undefined : nearest(role, roles);
    const who = `${listed(people)} (${role === '' ? 'without a role' : `role ${quoted(role)}`})`;
    const message = `${who} ${people.length === 1 ? 'is' : 'are'} in no plan, but ${people.length === 1 ? 'has' : 'have'} ${unpaid.words()}: nobody is paid for ${them(unpaid)}${near === undefined ? '' : near === role ? '; no plan with the role holds on these days' : `; a plan names the role ${quoted(near)}: write one of both everywhere`}`;
    return warning(
      'PERSON_WITHOUT_PLAN',
      {
        kind: 'person',
        person: people[0]!,
        from:
          world.row(people[0]!, unpaid.deals.find(({ holders }) => holders.includes(people[0]!))?.closed ?? unpaid.last)
            ?.from ?? null,
      },
      message,
      people,
    );
  });
}

const is = ({ deals }: Unpaid) => (deals.length === 1 ? 'is' : 'are');
const them = ({ deals }: Unpaid) => (deals.length === 1 ? 'it' : 'them');
