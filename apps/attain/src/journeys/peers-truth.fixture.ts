import { addDays, type LocalDate } from '@attain/values';
import type { Organisation, Read, SoldDeal, Truth } from './peers.fixture.js';
import { type Agent } from '@attain/service/testing';

export function days({ from, to }: { from: LocalDate; to: LocalDate }, every = 1): LocalDate[] {
  const all: LocalDate[] = [];
  for (let day = from; day <= to; day = addDays(day, every)) all.push(day);
  return all;
}

export function readerAt(agent: Agent): Read {
  return async <Body>(path: string) => {
    const answer = await agent.get(encodeURI(path));
    if (answer.status >= 500) throw new Error(`${path}: ${answer.text}`);
    return answer.status === 200 ? (answer.body as Body) : undefined;
  };
}

/** What the attacker's own people sold from a day to another. */
export function ownSales(
  { sold }: Truth,
  scope: ReadonlySet<string>,
  from: LocalDate,
  to: LocalDate,
): Map<string, number> {
  const own = new Map([...scope].map((person) => [person, 0]));
  for (const { owner, closed, amount } of sold)
    if (own.has(owner) && from <= closed && closed <= to) own.set(owner, own.get(owner)! + amount);
  return own;
}

interface Person {
  id: string;
  manager: string | null;
  team: string | null;
  region: string | null;
}
interface Rows<Row> {
  rows: Row[];
  next: string | null;
}

/** By those who see everybody: the quotas of a period, and what was won. */
export async function truthOf(finance: Read, period: string): Promise<{ truth: Truth; organisation: Organisation }> {
  const { rows: people } = (await finance<Rows<Person>>('/participants'))!;
  const { rows: quotas } = (await finance<Rows<{ for: string; measure: string; amount: string }>>(
    `/quotas?period=${period}`,
  ))!;
  const sold: SoldDeal[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { rows, next }: Rows<Record<keyof SoldDeal, string>> = (await finance(
      `/deals?status=won&limit=1000${cursor && `&cursor=${cursor}`}`,
    ))!;
    cursor = next;
    sold.push(...rows.map((row) => ({ ...row, amount: Number(row.amount) })));
  }
  const truth = {
    quotas: new Map(quotas.filter(({ measure }) => measure === 'revenue').map((row) => [row.for, Number(row.amount)])),
    sold,
  };
  return { truth, organisation: organisationOf(people) };
}

function organisationOf(people: readonly Person[]): Organisation {
  const grouped = (key: 'team' | 'region' | 'manager') =>
    new Map(
      [
        ...Map.groupBy(
          people.filter((person) => person[key] !== null),
          (person) => person[key]!,
        ),
      ].map(([name, own]) => [name, own.map(({ id }) => id)]),
    );
  const direct = grouped('manager');
  const under = (manager: string): string[] => (direct.get(manager) ?? []).flatMap((id) => [id, ...under(id)]);
  return {
    people: people.map(({ id }) => id),
    teams: grouped('team'),
    regions: grouped('region'),
    below: new Map([...direct.keys()].map((id) => [id, under(id)])),
  };
}
