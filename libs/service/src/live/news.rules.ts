import type { Fact } from '@attain/compensation';
import { categoryOf } from '@attain/eventsourcing';
import { may } from '../identity/caller.js';
import type { Caller } from '../identity/caller.js';
import type { Permission } from '../identity/roles.js';

/** The topics of answers, with the permission for each. */
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

/** The topics that an event of a category may change; for an unlisted category, all topics that affect pay. */
export function topicsOf(category: string): readonly Topic[] {
  if (category === 'company' || category === 'table' || category === 'rate') return topics;
  return ofCategory[category] ?? ofPay;
}

/** The people concerned by topic; undefined for everybody. */
export type News = ReadonlyMap<Topic, ReadonlySet<string> | undefined>;
/** The owner and the sharers of the record of an event; null without a record. */
export type SellersOf = (event: string) => readonly string[] | null;

const RECORDS: ReadonlySet<string> = new Set(['deal', 'item', 'invoice', 'payment', 'activity']);
/**
 * More events at once, such as those of an import, are news for everybody, because examining each would cost more than
 * asking again.
 */
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

/** For an event about people, their names; undefined if it concerns everybody. */
function concernedBy({ id, data }: Fact, category: string, sellersOf: SellersOf): readonly string[] | undefined {
  if (RECORDS.has(category)) return sellersOf(id) ?? [];
  const named = ['participant', 'person', 'for'].flatMap((key) => {
    const value = (data as Readonly<Record<string, unknown>>)[key];
    return typeof value === 'string' ? [value] : [];
  });
  // The hierarchy decides what a manager sees, and a quota may belong to a team.
  return named.length === 0 || category === 'participant' || category === 'quota' ? undefined : named;
}

/** The people whose rows a caller sees. */
export interface Seen {
  readonly everyone: boolean;
  readonly participants: ReadonlySet<string>;
}

/** The topics that a caller may ask for and in which something changed that concerns a visible person. */
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
