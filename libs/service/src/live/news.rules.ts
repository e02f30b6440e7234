import type { Fact } from '@attain/compensation';
import { categoryOf } from '@attain/eventsourcing';
import { may } from '../identity/caller.js';
import type { Caller } from '../identity/caller.js';
import type { Permission } from '../identity/roles.js';

/** What an answer is about, with the permission to ask for it. */
const permissionOf = {
  deals: 'deals:read',
  pay: 'statements:read',
  attainment: 'attainment:read',
  sales: 'sales:read',
  forecast: 'forecast:read',
  people: 'people:read',
  quotas: 'quotas:read',
  plans: 'plans:read',
  periods: 'periods:read',
  company: 'company:read',
  imports: 'imports:read',
} as const satisfies Record<string, Permission>;
export type Topic = keyof typeof permissionOf;
export const topics = Object.keys(permissionOf) as [Topic, ...Topic[]];

const ofRecords: readonly Topic[] = ['deals', 'pay', 'attainment', 'sales', 'forecast', 'imports'];
const ofPay: readonly Topic[] = ['pay', 'attainment'];
const ofCategory: Readonly<Record<string, readonly Topic[]>> = {
  deal: ofRecords,
  item: ofRecords,
  invoice: ofRecords,
  payment: ofRecords,
  activity: ofRecords,
  account: ['deals', 'pay'],
  participant: ['people', ...ofPay],
  relation: ['people', ...ofPay],
  quota: ['quotas', ...ofPay],
  plan: ['plans', 'pay'],
  signature: ['plans', 'pay'],
  period: ['periods', 'pay'],
  source: ['company', 'imports'],
  reading: ['imports'],
  clock: [],
};

/** What may be answered otherwise after an event of a category; of one that is not listed everything that pay follows from. */
export function topicsOf(category: string): readonly Topic[] {
  if (category === 'company' || category === 'table' || category === 'rate') return topics;
  return ofCategory[category] ?? ofPay;
}

/** Whom news concern, by topic; undefined: everybody. */
export type News = ReadonlyMap<Topic, ReadonlySet<string> | undefined>;
/** Who owns or shares the record that an event is about; null where it is about none. */
export type SellersOf = (event: string) => readonly string[] | null;

const RECORDS: ReadonlySet<string> = new Set(['deal', 'item', 'invoice', 'payment', 'activity']);
/** More events at once, as of an import, are news for everybody, because looking at each would cost more than asking again. */
const MANY = 2_000;

export function newsOf(facts: readonly Fact[], sellersOf: SellersOf): News {
  const news = new Map<Topic, Set<string> | undefined>();
  for (const fact of facts) {
    const category = categoryOf(fact.stream);
    const people = facts.length > MANY ? undefined : concernedBy(fact, category, sellersOf);
    for (const topic of topicsOf(category)) {
      const known = news.get(topic);
      if (people === undefined || (known === undefined && news.has(topic))) news.set(topic, undefined);
      else news.set(topic, new Set([...(known ?? []), ...people]));
    }
  }
  return news;
}

/** Of an event about people their names; undefined: it concerns everybody. */
function concernedBy({ id, data }: Fact, category: string, sellersOf: SellersOf): readonly string[] | undefined {
  if (RECORDS.has(category)) return sellersOf(id) ?? [];
  const named = ['participant', 'person', 'for'].flatMap((key) => {
    const value = (data as Readonly<Record<string, unknown>>)[key];
    return typeof value === 'string' ? [value] : [];
  });
  // Who is above whom decides what a manager sees, and a quota may be of a team.
  return named.length === 0 || category === 'participant' || category === 'quota' ? undefined : named;
}

/** Whose rows somebody sees. */
export interface Seen {
  readonly everyone: boolean;
  readonly participants: ReadonlySet<string>;
}

/** The topics that a caller may ask for, and of which something changed that concerns somebody whom the caller sees. */
export function topicsFor(news: News, caller: Caller, seen: Seen | null): Topic[] {
  return [...news].flatMap(([topic, people]) => {
    if (!may(caller, permissionOf[topic])) return [];
    if (people === undefined || seen?.everyone === true) return [topic];
    return seen !== null && [...people].some((person) => seen.participants.has(person)) ? [topic] : [];
  });
}

/** Everything that a caller may ask for. */
export function allTopicsFor(caller: Caller): Topic[] {
  return topics.filter((topic) => may(caller, permissionOf[topic]));
}
