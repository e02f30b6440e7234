import { Exact, type LocalDate, type PeriodKind } from '@attain/values';
import { type Credit, inOrder } from './credits.js';
import { valueOf } from './expressions.js';
import { type Window, windowOf } from './quotas.js';
import {
  currencyOf,
  type Line,
  minorOf,
  paidIn,
  payPeriod,
  payPeriodsIn,
  payRate,
  payRateDay,
  recordKey,
  round,
  roundingOf,
  spread,
  statementPeriod,
  type Terms,
  windowAsked,
} from './terms.js';

const place = ({ credit, date }: Pick<Line, 'credit' | 'date'>) => credit ?? { date, time: '', id: '', nth: 0 };
const sum = (amounts: readonly bigint[]) => amounts.reduce((all, amount) => all + amount, 0n);

/** Own lines, each followed by its reversal, in the order of records, then true-ups by date, cause and record. */
function inStatementOrder(lines: readonly Line[]): Line[] {
  const [own, trueUps] = [
    lines.filter(({ kind }) => kind !== 'true-up'),
    lines.filter(({ kind }) => kind === 'true-up'),
  ];
  const moved = (line: Line) => ({ date: line.date, time: '', id: line.causedBy, nth: 0 });
  return [
    ...own.sort((a, b) => inOrder(place(a), place(b))),
    ...trueUps.sort((a, b) => inOrder(moved(a), moved(b)) || inOrder(place(a), place(b))),
  ];
}

/** If a component rounds once for its pay period, the cents of its total are spread over its lines. */
function roundTotals(lines: Line[]): void {
  const totalled = lines.filter(({ terms }) => roundingOf(terms).perTotal);
  const key = ({ terms, date }: Line) =>
    JSON.stringify([
      payPeriod(terms, date).name,
      paidIn(terms),
      roundingOf(terms).mode,
      roundingOf(terms).step.toString(),
    ]);
  for (const together of Map.groupBy(totalled, key).values()) {
    const rule = roundingOf(together[0]!.terms);
    const parts: { line: Line; unrounded: Exact; beside: bigint }[] = [];
    for (const line of inStatementOrder(together)) {
      if (line.kind === 'reversal') continue;
      const reversal =
        line.kind !== 'earning'
          ? undefined
          : together.find((other) => other.kind === 'reversal' && other.credit === line.credit);
      if (reversal === undefined) parts.push({ line, unrounded: line.unrounded, beside: 0n });
      else {
        line.amount = round(line.unrounded, rule);
        if (line.credit!.undone) reversal.amount = -line.amount;
        else parts.push({ line: reversal, unrounded: line.unrounded.plus(reversal.unrounded), beside: line.amount });
      }
    }
    spread(
      parts.map(({ unrounded }) => unrounded),
      rule,
    ).forEach((amount, index) => (parts[index]!.line.amount = amount - parts[index]!.beside));
  }
}

/** (m − 1) × the lines of each record, at the end of each pay period on the window so far. */
function multiplierLines(lines: readonly Line[]): Line[] {
  const found: Line[] = [];
  const multiplied = lines.filter(({ terms: { component } }) => component.multiplier !== undefined);
  const windowed = Map.groupBy(
    multiplied,
    ({ terms, date }) => windowOf(terms.state, terms.component.per!, date, terms.life).from,
  );
  for (const own of windowed.values()) {
    const window = windowOf(own[0]!.terms.state, own[0]!.terms.component.per!, own[0]!.date, own[0]!.terms.life);
    const given = new Map<string, bigint>();
    for (const { to } of payPeriodsIn(
      own[0]!.terms,
      window,
      own.map(({ date }) => date),
    )) {
      const records = Map.groupBy(
        own.filter(({ date }) => date <= to),
        (line) => `${recordKey(line)} ${line.terms.version.version}`,
      );
      for (const [key, ofRecord] of records) {
        const { terms, credit, window: start } = ofRecord[0]!;
        const multiplies = multipliedNow(ofRecord, multiplierAt(terms, window, to), `${key}`, given);
        if (multiplies.every(({ amount }) => amount === 0n)) continue;
        const amount = sum(multiplies.map((part) => part.amount));
        found.push({
          terms,
          kind: 'multiplier',
          credit,
          window: start,
          date: to,
          causedBy: '',
          amount,
          unrounded: Exact.of(amount),
          multiplies,
        });
      }
    }
  }
  return found.sort((a, b) => inOrder(place(a), place(b)) || (a.date < b.date ? -1 : 1));
}

function multiplierAt(terms: Terms, window: Window, day: LocalDate): Exact {
  const { state, me, component } = terms;
  const value = valueOf(component.multiplier!, {
    state,
    record: null,
    date: day,
    me,
    currency: currencyOf(terms),
    window: windowAsked(terms, window, day),
  });
  return value instanceof Exact ? value : Exact.zero;
}

/** Rounded once for all lines of a record, separately for each cap window that contains some of them. */
function multipliedNow(
  lines: readonly Line[],
  multiplier: Exact,
  key: string,
  given: Map<string, bigint>,
): { day: LocalDate; amount: bigint }[] {
  const rule = roundingOf(lines[0]!.terms);
  let [all, before] = [0n, 0n];
  return [...Map.groupBy(lines, capWindows)].map(([windows, own]) => {
    all += sum(own.map(({ amount }) => amount));
    const whole = round(Exact.of(all).times(multiplier.minus(Exact.one)), rule);
    const amount = whole - before - (given.get(key + windows) ?? 0n);
    given.set(key + windows, whole - before);
    before = whole;
    return { day: own[0]!.date, amount };
  });
}

function capWindows({ terms: { state, component, version }, date }: Line): string {
  const caps = [component.cap, version.document.cap]
    .map((cap) => cap?.per)
    .filter((per) => per !== undefined && per !== 'deal');
  return caps.map((per) => state.calendar.periodOf(date, per as PeriodKind).name).join();
}

/** The first records in order that were not undone are paid; the lines of all others are taken back. */
function countCuts(lines: readonly Line[]): Line[] {
  const cuts: Line[] = [];
  const counted = new Map<string, number>();
  const records = Map.groupBy(
    lines.filter(({ credit }) => credit !== null),
    ({ credit }) => credit!.record,
  );
  const firstOf = (own: readonly Line[]) =>
    own.map(({ credit }) => credit!).sort((a, b) => a.nth - b.nth || inOrder(a, b))[0]!;
  for (const own of [...records.values()].sort((a, b) => inOrder(firstOf(a), firstOf(b)))) {
    const first = firstOf(own);
    const { terms } = own.find(({ credit }) => isSame(credit!, first))!;
    const { count, per } = terms.component.cap ?? {};
    if (count === undefined || first.undone) continue;
    const window = terms.state.calendar.periodOf(first.date, per as PeriodKind).name;
    counted.set(window, (counted.get(window) ?? 0) + 1);
    if (counted.get(window)! <= Number(count)) continue;
    const dayOf = (line: Line) =>
      [terms.state.calendar.periodOf(line.date, per as PeriodKind).to, payPeriod(line.terms, line.date).to].sort()[0]!;
    for (const [date, together] of Map.groupBy(own, dayOf)) {
      const amount = -sum(together.map((line) => line.amount));
      if (amount !== 0n)
        cuts.push({
          terms: together[0]!.terms,
          kind: 'cap',
          credit: together[0]!.credit,
          window: '',
          date,
          causedBy: '',
          amount,
          unrounded: Exact.of(amount),
        });
    }
  }
  return cuts;
}
const isSame = (a: Credit, b: Credit) => a.record === b.record && a.nth === b.nth;

/** A cap on the sum of a window's lines. `per` null: each record, or window's line, by itself. */
interface AmountCap {
  readonly most: bigint;
  readonly per: PeriodKind | 'deal';
}
/** Lines in another currency than their cap. */
export interface Exchange {
  toCap(line: Line, amount: bigint): bigint;
  fromCap(line: Line, amount: bigint): bigint;
}
const SAME: Exchange = { toCap: (_, amount) => amount, fromCap: (_, amount) => amount };

interface Entry {
  readonly line: Line;
  readonly amount: bigint;
  readonly worth: bigint;
  readonly index: number;
}

/** Cuts the excess at the end of each pay period, from the last line backwards, no record below 0. */
function amountCuts(
  lines: readonly Line[],
  capOf: (line: Line) => AmountCap | null,
  exchange: Exchange = SAME,
): Line[] {
  const windows = new Map<string, { cap: AmountCap; to: LocalDate | null; entries: Entry[] }>();
  lines.forEach((line, index) => {
    const cap = capOf(line);
    if (cap === null) return;
    for (const { day, amount } of line.multiplies ?? [{ day: line.date, amount: line.amount }]) {
      const period = cap.per === 'deal' ? null : line.terms.state.calendar.periodOf(day, cap.per);
      const name = period?.name ?? recordKey(line);
      const entries = windows.get(name)?.entries ?? [];
      windows.set(name, { cap, to: period?.to ?? null, entries });
      entries.push({ line, amount, worth: exchange.toCap(line, amount), index });
    }
  });
  return [...windows.values()].flatMap(({ cap, to, entries }) => cutsIn(cap, to, entries, exchange));
}

function cutsIn(cap: AmountCap, to: LocalDate | null, entries: readonly Entry[], exchange: Exchange): Line[] {
  const cuts: Line[] = [];
  const given = new Map<string, bigint>();
  const key = ({ line }: Entry) => `${line.terms.component.name} ${recordKey(line)}`;
  const endOf = ({ line }: Entry) => payPeriod(line.terms, line.date).to;
  for (const end of [...new Set(entries.map(endOf))].sort()) {
    const reached = entries.filter((entry) => endOf(entry) <= end);
    const now = fallsOn(reached, sum(reached.map(({ worth }) => worth)) - cap.most, key, exchange);
    for (const [name, own] of Map.groupBy(reached, key)) {
      const change = (now.get(name) ?? 0n) - (given.get(name) ?? 0n);
      given.set(name, now.get(name) ?? 0n);
      if (change === 0n) continue;
      const { terms, credit, window } = own[0]!.line;
      const last = reached
        .map(({ line }) => line.date)
        .sort()
        .at(-1)!;
      const date = to === null ? last : to < end && to >= payPeriod(terms, end).from ? to : end;
      cuts.push({
        terms,
        kind: 'cap',
        credit,
        window,
        date,
        causedBy: '',
        amount: -change,
        unrounded: Exact.of(-change),
      });
    }
  }
  return cuts;
}

/** The part of an excess that falls on each record. */
export function fallsOn<One extends Entry>(
  entries: readonly One[],
  excess: bigint,
  key: (entry: One) => string,
  exchange: Exchange = SAME,
): Map<string, bigint> {
  const falls = new Map<string, bigint>();
  const left = new Map<string, bigint>();
  for (const entry of entries) left.set(key(entry), (left.get(key(entry)) ?? 0n) + entry.worth);
  let rest = excess;
  for (const entry of [...entries].sort((a, b) =>
    a.line.date === b.line.date ? b.index - a.index : a.line.date < b.line.date ? 1 : -1,
  )) {
    const most = [rest, entry.worth, left.get(key(entry))!].reduce((a, b) => (a < b ? a : b));
    if (most <= 0n) continue;
    falls.set(
      key(entry),
      (falls.get(key(entry)) ?? 0n) + (most === entry.worth ? entry.amount : exchange.fromCap(entry.line, most)),
    );
    left.set(key(entry), left.get(key(entry))! - most);
    rest -= most;
  }
  return falls;
}

/** Step 4 of one component, over all its versions. */
export function cutComponent(entitled: readonly Line[]): Line[] {
  const lines = inStatementOrder(entitled);
  roundTotals(lines);
  const capIn = ({ terms }: Line, isDeal: boolean): AmountCap | null => {
    const { amount, per, excess } = terms.component.cap ?? {};
    if (amount === undefined || (per === 'deal') !== isDeal || excess === 'carried') return null;
    return {
      most: Exact.parse(amount)
        .times(minorOf(paidIn(terms)))
        .round('half-up'),
      per: per as PeriodKind | 'deal',
    };
  };
  const perDeal = amountCuts(lines, (line) => capIn(line, true));
  let all = [...lines, ...multiplierLines([...lines, ...perDeal]), ...perDeal];
  all = [...all, ...countCuts(all)];
  const shares = new Map<string, bigint>();
  for (const { terms, kind, target, window } of all) {
    const share = terms.component.cap?.share;
    if (share !== undefined && kind === 'earning' && target !== undefined)
      shares.set(window, target.times(Exact.parse(share)).round(roundingOf(terms).mode));
  }
  all = [
    ...all,
    ...amountCuts(all, ({ credit, window }) =>
      credit === null && shares.has(window) ? { most: shares.get(window)!, per: 'deal' } : null,
    ),
  ];
  return [...all, ...amountCuts(all, (line) => capIn(line, false))];
}

/** The cap of a plan applies to the lines of all its components, in the plan's currency. */
export function planCuts(lines: readonly Line[]): Line[] {
  const rate = (line: Line) =>
    payRate(
      line.terms,
      currencyOf(line.terms),
      line.terms.version.currency,
      payRateDay(line, statementPeriod(line.terms, line.date)),
    );
  const exchange: Exchange = {
    toCap: (line, amount) =>
      Exact.of(amount)
        .times(rate(line) ?? Exact.zero)
        .round('half-up'),
    fromCap: (line, amount) => Exact.of(amount).over(rate(line)!).round('half-up'),
  };
  const capOf = ({ terms: { version, component } }: Line): AmountCap | null => {
    const { cap } = version.document;
    if (cap?.amount === undefined || cap.excess === 'carried' || component.unit !== undefined) return null;
    return {
      most: Exact.parse(cap.amount).times(minorOf(version.currency)).round('half-up'),
      per: cap.per as PeriodKind | 'deal',
    };
  };
  return amountCuts(lines, capOf, exchange);
}
