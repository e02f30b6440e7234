import { addDays } from '@attain/values';
import { canary, name, type RandomCompany, todayOf } from './random-company.fixture.js';

const HORIZON = { from: '2024-06-01', to: '2026-06-30' };

type Then = Pick<RandomCompany['deals'][number]['states'][number], 'status' | 'closed'>;

const following = new Map<string, string>();
/** The day after a day, cached, because an oracle goes through years of days. */
function next(date: string): string {
  const known = following.get(date);
  if (known !== undefined) return known;
  const day = addDays(date, 1);
  following.set(date, day);
  return day;
}

/** The days of a period of calendar months, written down without a calendar of ours. */
function daysOf(period: string): [from: string, to: string] {
  const [year, part] = period.split('-') as [string, string | undefined];
  const [first, last] =
    part === undefined
      ? [1, 12]
      : part.startsWith('Q')
        ? [Number(part[1]) * 3 - 2, Number(part[1]) * 3]
        : part.startsWith('H')
          ? [Number(part[1]) * 6 - 5, Number(part[1]) * 6]
          : [Number(part), Number(part)];
  const two = (month: number) => String(month).padStart(2, '0');
  return [`${year}-${two(first)}-01`, new Date(Date.UTC(Number(year), last, 0)).toISOString().slice(0, 10)];
}

/** The visible rows of each caller, found day by day from the rows of people.csv, without code of the services. */
export class Oracle {
  private readonly known = new Map<string, boolean>();
  private readonly canaries = new Map<number, { what: string; seen: boolean; absent: boolean }>();
  readonly today: string;

  constructor(
    private readonly company: RandomCompany,
    private readonly caller: number,
    private readonly manages: boolean,
  ) {
    this.today = todayOf(company);
    this.plant();
  }

  /** On that day: it is oneself, or the caller is somewhere above. */
  sees(participant: string, date: string): boolean {
    const key = `${participant} ${date}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const seen = this.find(Number(participant.slice(1)), date);
    this.known.set(key, seen);
    return seen;
  }

  /** On every day of the period on which there is a row, and there is such a day. */
  seesAll(participant: string, period: string): boolean {
    const who = Number(participant.slice(1));
    if (who === this.caller) return true;
    let there = false;
    const [from, to] = daysOf(period);
    for (let date = from; date <= to; date = next(date)) {
      if (!this.rowOn(who, date)) continue;
      there = true;
      if (!this.sees(participant, date)) return false;
    }
    return there;
  }

  /** Deals that are the caller's to see, by id. */
  deals(): { id: string; status: string; amount: number }[] {
    return this.company.deals.flatMap(({ states }, deal) => {
      const at = states.length - 1;
      const { owner, status, closed } = states[at]!;
      return this.sees(name(owner), status === 'open' ? this.today : closed)
        ? [{ id: `D${deal}`, status, amount: canary.deal(deal, at) }]
        : [];
    });
  }

  /** Amounts of the quotas in force. */
  quotas(): string[] {
    const inForce = new Map<string, { at: number; who: number; period: string }>();
    for (const late of [false, true])
      this.company.quotas.forEach(
        ({ who, period, late: isLate }, at) => isLate === late && inForce.set(`${who} ${period}`, { at, who, period }),
      );
    const people = new Set(this.company.people.map(({ who }) => who));
    return [...inForce.values()]
      .filter(({ who, period }) => people.has(who) && this.seesAll(name(who), period))
      .map(({ at }) => String(canary.quota(at)))
      .sort();
  }

  /** Who is there today. */
  there(): string[] {
    const people = [...new Set(this.company.people.map(({ who }) => who))].sort();
    return people.filter((who) => this.rowOn(who, this.today) && this.sees(name(who), this.today)).map(name);
  }

  /**
   * Throws if an answer contains a hidden number. A sum of a period includes days without a row of
   * people.csv, because on such days nobody is above the person.
   */
  check(question: string, answer: unknown, { ofPeriod = false } = {}): void {
    for (const [token] of JSON.stringify(answer ?? null).matchAll(/(?<![\da-f.])\d{8,}(?:\.\d+)?(?![\da-f])/g)) {
      const found = this.canaries.get(Number(token));
      if (found && !found.seen && !(ofPeriod && found.absent))
        throw new Error(`${question} shows ${name(this.caller)} ${found.what} (${token})`);
    }
  }

  private plant(): void {
    const { people, deals, quotas } = this.company;
    people.forEach(({ who, from, to }, row) => {
      let seen = false;
      for (let date = from > HORIZON.from ? from : HORIZON.from; date <= (to ?? HORIZON.to) && !seen; date = next(date))
        seen = this.rowOn(who, date) === people[row] && this.sees(name(who), date);
      this.add(canary.team(row), `row ${row} of ${name(who)}`, seen);
    });
    quotas.forEach(({ who, period }, at) =>
      this.add(
        canary.quota(at),
        `the quota of ${name(who)} for ${period}`,
        this.seesAll(name(who), period),
        this.isAbsent(who, ...daysOf(period)),
      ),
    );
    deals.forEach(({ states, reversed }, deal) => {
      const last = states.at(-1)!;
      states.forEach(({ owner, status, closed }, at) => {
        const amount = canary.deal(deal, at);
        // It changes hands and price before it changes its status.
        for (const then of [states[at - 1] ?? { status: 'open' as const, closed }, { status, closed }])
          this.plantDeal(`D${deal}`, amount, name(owner), then, last);
      });
      if (reversed !== null)
        this.add(
          canary.reversal(deal),
          `what was taken back of D${deal} on ${reversed}`,
          this.sees(name(last.owner), reversed),
        );
    });
  }

  private plantDeal(deal: string, amount: number, owner: string, then: Then, last: Then): void {
    const what = `${deal} of ${owner}, ${then.status} ${then.closed}`;
    // While it was open, a deal is of the date that it came to be of.
    const date = then.status !== 'open' ? then.closed : last.status === 'open' ? this.today : last.closed;
    this.add(amount, what, this.sees(owner, date), this.isAbsent(Number(owner.slice(1)), date, date));
    const paid = then.status === 'won' && this.sees(owner, then.closed) && this.seesAll(owner, then.closed.slice(0, 7));
    for (const rate of [7, 11, 13]) this.add((amount * rate) / 100, `${rate}% of ${what}`, paid);
  }

  /** A number of several rows is visible if one of the rows is. */
  private add(amount: number, what: string, seen: boolean, absent = false): void {
    const known = this.canaries.get(amount);
    this.canaries.set(amount, {
      what: known ? `${known.what}; ${what}` : what,
      seen: seen || known?.seen === true,
      absent: absent || known?.absent === true,
    });
  }

  private isAbsent(who: number, from: string, to: string): boolean {
    for (let date = from; date <= to; date = next(date)) if (this.rowOn(who, date)) return false;
    return true;
  }

  private find(who: number, date: string): boolean {
    if (who === this.caller) return true;
    if (!this.manages || !this.isAbove(who, date)) return false;
    return this.company.formerManagers === 'keep' || date > this.today || this.isAbove(who, this.today);
  }

  private isAbove(who: number, date: string): boolean {
    for (let at = who, steps = 0; steps <= this.company.people.length; steps += 1) {
      const manager = this.rowOn(at, date)?.manager ?? null;
      if (manager === null) return false;
      if (manager === this.caller) return true;
      at = manager;
    }
    return false;
  }

  /** The latest row of a person that has not ended; of two from the same day, the last recorded one. */
  private rowOn(who: number, date: string) {
    let row: RandomCompany['people'][number] | undefined;
    for (const one of this.company.people)
      if (one.who === who && one.from <= date && (!row || one.from >= row.from)) row = one;
    return row && (row.to === null || date <= row.to) ? row : undefined;
  }
}
