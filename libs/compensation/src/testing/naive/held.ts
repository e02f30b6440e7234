import { Exact, isDate, type LocalDate, type Period, type PeriodKind } from '@attain/values';
import { type Kept, rateOn, type State } from './company.js';
import { takenOf } from './credits.js';
import { fallsOn } from './cuts.js';
import { afterTime, type Line, minorOf, paidIn, payPeriod, recordKey, round, roundingOf, type Terms } from './terms.js';

interface ShareFrom {
  readonly date: LocalDate;
  readonly share: Exact;
}
const abs = (amount: bigint) => (amount < 0n ? -amount : amount);
const sum = (amounts: readonly bigint[]) => amounts.reduce((all, amount) => all + amount, 0n);

/** Step 6: of each record at most one `hold` or `release` a pay period. */
export function heldLines(lines: readonly Line[]): Line[] {
  return [...Map.groupBy(lines, recordKey).values()].flatMap((own) => heldOf(own));
}

function heldOf(own: readonly Line[]): Line[] {
  const { terms, credit, window } = own[0]!;
  const steps = terms.component.release === undefined ? null : sharesOf(own[0]!);
  const instalments = own
    .filter(({ kind }) => kind === 'clawback')
    .flatMap((line) => instalmentsOf(line).map((part) => ({ ...part, date: line.date })));
  if (steps === null && instalments.every(({ end, date }) => end === payPeriod(terms, date).to)) return [];
  const endOf = (date: LocalDate) => payPeriod(terms, date).to;
  const days = [
    ...own.map(({ date }) => date),
    ...(steps ?? []).map(({ date }) => date),
    ...instalments.map(({ end }) => end),
  ].filter((date) => date <= terms.state.effective);
  const found: Line[] = [];
  let [before, last] = [0n, ''];
  for (const end of [...new Set(days.map(endOf))].sort()) {
    const waiting = sum(instalments.filter((part) => part.date <= end && part.end > end).map(({ amount }) => amount));
    const free = sum(own.filter(({ date }) => date <= end).map(({ amount }) => amount)) - waiting;
    const share = steps === null ? Exact.one : (steps.findLast(({ date }) => date <= end)?.share ?? Exact.zero);
    const held =
      waiting + free - (share.equals(Exact.one) ? free : round(Exact.of(free).times(share), roundingOf(terms)));
    const kind = abs(held) > abs(before) ? 'hold' : 'release';
    const inside = (dates: readonly LocalDate[]) =>
      dates
        .filter((date) => date > last && date <= end)
        .sort()
        .at(-1);
    const [lines, releases] = [
      inside(own.map(({ date }) => date)),
      inside([
        ...(steps ?? []).map(({ date }) => date),
        ...instalments.filter(({ nth }) => nth > 0).map((part) => part.end),
      ]),
    ];
    // A hold is dated on the day of its last held line, a release on the last day that released a part.
    const date = (kind === 'hold' ? (lines ?? releases) : (releases ?? lines)) ?? end;
    if (held !== before)
      found.push({
        terms,
        kind,
        credit,
        window,
        date,
        causedBy: '',
        amount: before - held,
        unrounded: Exact.of(before - held),
      });
    [before, last] = [held, end];
  }
  return found;
}

/** A clawback's parts by largest remainder, one in each pay period from its own on. */
function instalmentsOf({ terms, date, amount }: Line): { nth: number; end: LocalDate; amount: bigint }[] {
  const count = BigInt(terms.component.clawback?.instalments ?? 1);
  const parts: { nth: number; end: LocalDate; amount: bigint }[] = [];
  let period = payPeriod(terms, date);
  for (let index = 0n; index < count; index += 1n) {
    const part = abs(amount) / count + (index < abs(amount) % count ? 1n : 0n);
    parts.push({ nth: parts.length, end: period.to, amount: amount < 0n ? -part : part });
    period = terms.state.calendar.next(period);
  }
  return parts;
}

/** The share that is released, from day to day. */
function sharesOf({ terms, credit, date }: Line): ShareFrom[] {
  const written = terms.component.release!;
  const list = Array.isArray(written) ? written : [{ share: '100%', on: written }];
  const parts = list.map(({ share, on }) => ({
    share: Exact.parse(share),
    steps: stepsOf(terms, credit?.record ?? null, credit?.date ?? date, on as string | { after: string }),
  }));
  const whole =
    credit === null ? parts.map((part) => ({ ...part, share: part.steps.length > 0 ? Exact.one : part.share })) : parts;
  const days = [...new Set(whole.flatMap(({ steps }) => steps.map((step) => step.date)))].sort();
  return days.map((day) => ({
    date: day,
    share: whole.reduce(
      (all, { share, steps }) => all.plus(share.times(steps.findLast((step) => step.date <= day)?.share ?? Exact.zero)),
      Exact.zero,
    ),
  }));
}

function stepsOf(
  { state, component }: Terms,
  record: Kept | null,
  credited: LocalDate,
  on: string | { after: string },
): ShareFrom[] {
  const from = (date: LocalDate) => (isDate(date) && date <= state.effective ? [{ date, share: Exact.one }] : []);
  if (typeof on !== 'string') return from(afterTime(credited, on.after));
  if (record === null) return [];
  if (on === 'approval')
    return state.approvals
      .filter(({ deal, component: name }) => deal === record.id && name === component.name)
      .map(({ date }) => date)
      .sort()
      .slice(0, 1)
      .flatMap(from);
  if (on !== 'payment') return from(record.fields[on] ?? '');
  return record.of === 'payments' ? from(record.fields['paid']!) : paidShares(state, record);
}

/** (received − refunded) ÷ (amount − refunded), at most 1, unchanged when nothing is left. */
function paidShares(state: State, deal: Kept): ShareFrom[] {
  const whole = Exact.parse(deal.fields['amount'] || '0');
  const currency = deal.fields['currency'] || state.company.currency;
  const received = state.records
    .filter(
      (record) =>
        record.of === 'payments' && record.deal === deal && !deal.reversals.some(({ id }) => id === record.id),
    )
    .flatMap(({ fields }) => {
      const rate = rateOn(state, fields['currency'] || state.company.currency, currency, fields['paid']!);
      return rate === null
        ? []
        : [{ date: fields['paid']!, received: Exact.parse(fields['amount']!).times(rate), refunded: Exact.zero }];
    });
  const refunded = takenOf(deal)
    .filter(({ kind }) => kind === 'refunded')
    .map(({ date, part }) => ({ date, received: Exact.zero, refunded: whole.times(part) }));
  const moves = [...received, ...refunded];
  let share = Exact.zero;
  return [...new Set(moves.map(({ date }) => date))].sort().map((date) => {
    const until = moves.filter((move) => move.date <= date);
    const back = until.reduce((all, move) => all.plus(move.refunded), Exact.zero);
    const paid = until.reduce((all, move) => all.plus(move.received), Exact.zero).minus(back);
    const left = whole.minus(back);
    if (!left.isZero()) share = paid.over(left);
    if (share.sign() < 0) share = Exact.zero;
    if (share.compare(Exact.one) > 0) share = Exact.one;
    return { date, share };
  });
}

/** The amount that a line adds to a cap window. */
interface Entry {
  readonly line: Line;
  readonly amount: bigint;
  readonly worth: bigint;
  readonly index: number;
  readonly day: LocalDate;
  readonly end: LocalDate;
}
function entriesOf(lines: readonly Line[]): Entry[] {
  return lines.flatMap((line, index) =>
    (line.multiplies ?? [{ day: line.date, amount: line.amount }]).map(({ day, amount }) => ({
      line,
      day,
      amount,
      worth: amount,
      index,
      end: payPeriod(line.terms, line.date).to,
    })),
  );
}
type Cap = { readonly most: bigint; readonly per: PeriodKind } | null;

/** The excess of windows up to a day; each excess is added to the amount of the next window. */
function carriedAt(entries: readonly Entry[], end: LocalDate, state: State, capOn: (day: LocalDate) => Cap): bigint {
  const cap = capOn(end);
  const reached = entries.filter((entry) => entry.end <= end);
  if (cap === null || reached.length === 0) return 0n;
  let held = 0n;
  let window = state.calendar.periodOf(reached.map(({ day }) => day).sort()[0]!, cap.per);
  for (; window.from <= end; window = state.calendar.next(window)) {
    // A version without the cap paid everything in its windows.
    const most = capOn(window.to)?.most;
    const total =
      held + sum(reached.filter(({ day }) => day >= window.from && day <= window.to).map(({ amount }) => amount));
    held = most !== undefined && total > most ? total - most : 0n;
  }
  return held;
}

/** The ends of pay periods from the first line to the cut; whoever has left is paid all that is held. */
function* periodsFrom(
  terms: Terms,
  entries: readonly Entry[],
  kind: PeriodKind,
): Generator<{ period: Period; hasLeft: boolean }> {
  const { state, me } = terms;
  const left = state.people.get(me)?.at(-1)?.to ?? '9999-12-31';
  let period = state.calendar.periodOf(entries.map(({ end }) => end).sort()[0]!, kind);
  for (; period.to <= state.effective; period = state.calendar.next(period))
    yield { period, hasLeft: left <= period.to };
}

function excessLine({ terms }: Line, date: LocalDate, before: bigint, held: bigint, window: string): Line {
  return {
    terms,
    kind: held > before ? 'hold' : 'release',
    credit: null,
    window,
    date,
    causedBy: '',
    amount: before - held,
    unrounded: Exact.of(before - held),
  };
}

/** A component's carried excess. */
export function excessLines(lines: readonly Line[]): Line[] {
  const entries = entriesOf(lines.filter(({ kind }) => kind !== 'clawback'));
  const [first] = entries;
  if (first === undefined) return [];
  const { terms } = first.line;
  const capOn = (day: LocalDate): Cap => {
    const { document } = terms.life.versions.findLast(({ from }) => from <= day) ?? terms.life.versions[0]!;
    const { amount, per, excess } = document.components.find(({ name }) => name === terms.component.name)?.cap ?? {};
    return excess !== 'carried' || amount === undefined
      ? null
      : {
          most: Exact.parse(amount)
            .times(minorOf(paidIn(terms)))
            .round('half-up'),
          per: per as PeriodKind,
        };
  };
  const found: Line[] = [];
  let before = 0n;
  for (const { period, hasLeft } of periodsFrom(terms, entries, payPeriod(terms, terms.life.from).kind)) {
    const held = hasLeft ? 0n : carriedAt(entries, period.to, terms.state, capOn);
    if (held !== before) found.push(excessLine(first.line, period.to, before, held, 'excess'));
    before = held;
  }
  return found;
}

/** The part of one component that the plan's carried excess holds; it falls on the last lines. */
export function planExcessLines(all: readonly Line[], name: string): Line[] {
  const entries = entriesOf(all.filter(({ kind }) => kind !== 'clawback'));
  const own = entries.find(({ line }) => line.terms.component.name === name);
  if (own === undefined) return [];
  const { terms } = own.line;
  const capOn = (day: LocalDate): Cap => {
    const { cap } = (terms.life.versions.findLast(({ from }) => from <= day) ?? terms.life.versions[0]!).document;
    return cap?.excess !== 'carried'
      ? null
      : {
          most: Exact.parse(cap.amount!).times(minorOf(terms.version.currency)).round('half-up'),
          per: cap.per as PeriodKind,
        };
  };
  const found: Line[] = [];
  let before = 0n;
  for (const { period, hasLeft } of periodsFrom(
    terms,
    entries,
    payPeriod({ ...terms, component: { ...terms.component, pays: undefined } }, terms.life.from).kind,
  )) {
    const whole = hasLeft ? 0n : carriedAt(entries, period.to, terms.state, capOn);
    const falls = fallsOn(
      entries.filter(({ end }) => end <= period.to),
      whole,
      ({ line }) => JSON.stringify([line.terms.component.name, recordKey(line)]),
    );
    const held = sum(
      [...falls].filter(([key]) => (JSON.parse(key) as string[])[0] === name).map(([, amount]) => amount),
    );
    if (held !== before) found.push(excessLine(own.line, period.to, before, held, 'excess of the plan'));
    before = held;
  }
  return found;
}
