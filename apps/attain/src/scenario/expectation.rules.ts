import type { ScenarioExpectation, Statement, StatementLine } from '@attain/contracts';
import { canonicalJson, dateOf, dayBefore, Exact, isCurrency, type FiscalCalendar, type Instant } from '@attain/values';
import { type Cut, type Difference, type History, unitBalance } from '@attain/compensation';
import type { Approved } from '@attain/incentives';
import { Checks, type Failure, names } from './checks.rules.js';
import { asCut } from './schedule.rules.js';

/** The expected and the actual values of an expectation, which holds if nothing failed. */
export interface Checked {
  title: string;
  came: string;
  failures: Failure[];
}
export interface Asking {
  history: History;
  calendar: FiscalCalendar;
  zone: string;
  /** The instant at which the question is asked. */
  now: Instant;
  /** The statement that is asked for, where it was issued. */
  issued?: Statement;
  /** What was approved of the statement that is asked for. */
  approved?: Approved;
}
type Of<Kind extends ScenarioExpectation['kind']> = Extract<ScenarioExpectation, { kind: Kind }>;

/** Checks an expectation; `path` is its place. */
export function check(expectation: ScenarioExpectation, path: (string | number)[], asking: Asking): Checked {
  const checks = new Checks(path);
  const title = titleOf(expectation);
  switch (expectation.kind) {
    case 'statement':
      return { title, ...statement(expectation, checks, asking) };
    case 'earned':
      return { title, ...earned(expectation, checks, asking) };
    case 'credit':
    case 'attainment':
    case 'quota':
      return { title, ...counted(expectation, checks, asking) };
    case 'diff':
      return { title, ...difference(expectation, checks, asking) };
    case 'exceptions':
      return { title, ...exceptions(expectation, checks, asking) };
    case 'approved':
      return { title, ...approved(expectation, checks, asking) };
    case 'balance':
      return { title, ...balance(expectation, checks, asking) };
    case 'unchanged':
      return { title, ...unchanged(expectation, checks, asking) };
    case 'ledger':
      throw new Error('the check of scenarios lets no expectation `ledger` pass');
  }
}

function statement(
  expectation: Of<'statement'>,
  checks: Checks,
  { history, zone, ...asking }: Asking,
): Omit<Checked, 'title'> {
  const { participant, period, asOf, effective } = expectation.body;
  const cut: Cut = {
    ...(effective !== undefined && { effective: dateOf(asCut(effective, zone), zone) }),
    known: asOf === undefined ? asking.now : asCut(asOf, zone),
  };
  const {
    payable,
    earned,
    currency,
    lines,
    balances = [],
    held = [],
    waiting = [],
  } = asking.issued ?? history.statement({ participant, period }, cut);
  checks.number('payable', expectation.payable, Exact.parse(payable));
  checks.number('earned', expectation.earned, Exact.parse(earned));
  checks.number(
    'drawBalance',
    expectation.drawBalance,
    balances.reduce((sum, { draw }) => sum.plus(Exact.parse(draw)), Exact.zero),
  );
  checks.number(
    'held',
    expectation.held,
    held.reduce((sum, { amount, currency: of }) => (isCurrency(of) ? sum.plus(Exact.parse(amount)) : sum), Exact.zero),
  );
  checks.number(
    'waiting',
    expectation.waiting,
    waiting.reduce(
      (sum, change) => (isCurrency(change.payableCurrency) ? sum.plus(Exact.parse(change.payable)) : sum),
      Exact.zero,
    ),
  );
  checks.text('currency', expectation.currency, currency);
  if (expectation.lines !== undefined) checks.lines(expectation.lines, lines, 'payable');
  const late =
    waiting.length === 0
      ? ''
      : `, ${waiting.length} ${waiting.length === 1 ? 'late change waits' : 'late changes wait'} for a review`;
  return { came: `payable ${payable} ${currency}, ${lineCount(lines)}${late}`, failures: checks.failures };
}

function earned(expectation: Of<'earned'>, checks: Checks, asking: Asking): Omit<Checked, 'title'> {
  const { participant, period, plan, component, asOf, effective } = expectation.body;
  const of = {
    participant,
    period,
    ...(plan !== undefined && { plan }),
    ...(component !== undefined && { component }),
  };
  const { amount, currency, lines, byRecord } = asking.history.earned(of, cutOf({ period, asOf, effective }, asking));
  checks.number('amount', expectation.amount, amount);
  checks.text('currency', expectation.currency, currency);
  if (expectation.lines !== undefined) checks.lines(expectation.lines, lines, 'earned');
  for (const [written, expected] of Object.entries(expectation.byRecord ?? {})) {
    const found = byRecord.filter(({ record }) => names(written, record));
    checks.number(
      `byRecord.${written}`,
      expected,
      found.reduce((sum, one) => sum.plus(one.amount), Exact.zero),
      ['byRecord', written],
    );
  }
  return { came: `${amount} ${currency}, ${lineCount(lines)}`, failures: checks.failures };
}

function counted(
  expectation: Of<'credit'> | Of<'attainment'> | Of<'quota'>,
  checks: Checks,
  asking: Asking,
): Omit<Checked, 'title'> {
  const { participant, team, region, measure, period, as, asOf, effective } = expectation.body;
  const who = participant !== undefined ? { participant } : team !== undefined ? { team } : { region: region ?? '' };
  const what = { for: who, measure, period, ...(as !== undefined && { as }) };
  const { amount, currency, quota, attained } = asking.history.attainment(
    what,
    cutOf({ period, asOf, effective }, asking),
  );
  const unit = currency === null ? '' : ` ${currency}`;
  checks.text('currency', expectation.currency, currency ?? 'none');
  if (expectation.kind === 'quota') {
    checks.number('amount', expectation.amount, quota);
    return { came: quota === null ? 'no quota' : `${quota}${unit}`, failures: checks.failures };
  }
  checks.number('amount', expectation.amount, amount);
  if (expectation.kind === 'credit') return { came: `${amount}${unit}`, failures: checks.failures };
  checks.number('quota', expectation.quota, quota);
  checks.number('attained', expectation.attained, attained);
  const share = attained === null ? 'undefined' : `${attained.times(Exact.of(100)).toDecimal(2, 'half-up')}%`;
  return {
    came: `${amount}${unit} on ${quota === null ? 'no quota' : quota}, attained ${share}`,
    failures: checks.failures,
  };
}

function difference(expectation: Of<'diff'>, checks: Checks, asking: Asking): Omit<Checked, 'title'> {
  const { participant, period, from, to } = expectation.body;
  const cut = (asOf: string) => cutOf({ period, asOf }, asking);
  const { total, currency, causes } = asking.history.difference({ participant, period }, cut(from), cut(to));
  const moved = causes.filter(({ amount }) => !amount.isZero());
  checks.number('total', expectation.total, total);
  checks.text('currency', expectation.currency, currency);
  if (expectation.causes !== undefined) {
    checks.count(
      'causes',
      expectation.causes.length,
      moved.map(({ kind, amount }) => `${kind} ${amount}`),
    );
    expectation.causes.forEach(({ cause, amount }, index) => {
      const actual = moved[index];
      if (actual === undefined) return;
      if (cause !== actual.event) checks.text(`causes.${index}.cause`, cause, actual.kind, ['causes', index, 'cause']);
      checks.number(`causes.${index}.amount`, amount, actual.amount, ['causes', index, 'amount']);
    });
  }
  return { came: `${total} ${currency} (${causesAsText(moved) || 'nothing moved it'})`, failures: checks.failures };
}

/** An approved amount stays; a different amount calculated since needs another approval. */
function approved(expectation: Of<'approved'>, checks: Checks, { approved: found }: Asking): Omit<Checked, 'title'> {
  const { amount, calculated, currency } = found!;
  const [then, now] = [Exact.parse(amount ?? '0'), Exact.parse(calculated)];
  const discrepancy = now.minus(then);
  checks.number('amount', expectation.amount, then);
  checks.number('calculated', expectation.calculated, now);
  checks.number('discrepancy', expectation.discrepancy, discrepancy);
  checks.text('needsApproval', expectation.needsApproval, amount === null || !discrepancy.isZero() ? 'yes' : 'no');
  return { came: `approved ${amount ?? 'nothing'}, calculated ${calculated} ${currency}`, failures: checks.failures };
}

function exceptions(expectation: Of<'exceptions'>, checks: Checks, asking: Asking): Omit<Checked, 'title'> {
  const { participant, period, asOf, effective } = expectation.body;
  const cut = cutOf({ period, asOf, effective }, asking);
  const before =
    period === undefined
      ? []
      : asking.history.exceptions({ ...cut, effective: dayBefore(asking.calendar.period(period).from) });
  const known = new Set(before.map((one) => canonicalJson(one)));
  // A late change of an earlier period waits as long as nobody decides: in every open period, and in no closed one but its own.
  const isClosed = asking.history.closed(cut.known).some((closed) => closed.period === period);
  const isKnown = (one: (typeof before)[number]) =>
    (one.code !== 'LATE_CHANGE_REVIEW' || isClosed) && known.has(canonicalJson(one));
  const found = asking.history
    .exceptions(cut)
    .filter((one) => !isKnown(one) && (participant === undefined || one.participant === participant));
  if (expectation.list !== undefined) {
    checks.count(
      'list',
      expectation.list.length,
      found.map(({ code, record }) => `${code} ${record?.id ?? ''}`),
    );
    expectation.list.forEach(({ code, deal }, index) => {
      const actual = found[index];
      if (actual === undefined) return;
      checks.text(`list.${index}.code`, code, actual.code, ['list', index, 'code']);
      checks.record(deal, actual.record, ['list', index, 'deal']);
    });
  }
  return {
    came: found.map(({ code, record }) => `${code}${record ? ` ${record.id}` : ''}`).join(', ') || 'none',
    failures: checks.failures,
  };
}

/** Of a unit that is not money, after the statements of all pay periods that end by the period's end, or by the day of the question. */
function balance(
  expectation: Of<'balance'>,
  checks: Checks,
  { history, calendar, zone, now }: Asking,
): Omit<Checked, 'title'> {
  const { participant, of, period, asOf, effective } = expectation.body;
  const known = asOf === undefined ? now : asCut(asOf, zone);
  const to =
    effective !== undefined
      ? dateOf(asCut(effective, zone), zone)
      : period !== undefined
        ? calendar.period(period).to
        : dateOf(known, zone);
  const amount = unitBalance(history, { participant, unit: of }, to, { known });
  checks.number('amount', expectation.amount, amount);
  return { came: `${amount} ${of}`, failures: checks.failures };
}

/**
 * A closed period is asked for again and not read from the store: each participant's lines and the hash of the run,
 * then and now.
 */
function unchanged(expectation: Of<'unchanged'>, checks: Checks, asking: Asking): Omit<Checked, 'title'> {
  const { period, since } = expectation.body;
  const { history } = asking;
  const cuts = { then: cutOf({ period, asOf: since }, asking), now: cutOf({ period }, asking) };
  const hashes = { then: history.runHash(period, cuts.then), now: history.runHash(period, cuts.now) };
  if (hashes.then !== hashes.now) checks.fail('run hash', hashes.then, hashes.now, ['unchanged', 'period']);
  const participants = new Set(history.people(cuts.now).map((row) => row.participant));
  let lines = 0;
  for (const participant of participants) {
    const at = (cut: Cut) => history.earned({ participant, period }, cut);
    const [then, now] = [at(cuts.then), at(cuts.now)];
    lines += now.lines.length;
    if (canonicalJson(then.lines) !== canonicalJson(now.lines)) {
      checks.fail(
        `lines of ${participant}`,
        `${then.amount} in ${lineCount(then.lines)}`,
        `${now.amount} in ${lineCount(now.lines)}`,
        ['unchanged', 'period'],
      );
    }
  }
  return {
    came: `run hash ${hashes.now.slice(0, 12)}…, ${lines} lines of ${participants.size} participants`,
    failures: checks.failures,
  };
}

/** Known up to the end of `asOf`, by default now; effective up to `effective`, by default the later of that day and the period's end. */
function cutOf(
  {
    period,
    asOf,
    effective,
  }: { period?: string | undefined; asOf?: string | undefined; effective?: string | undefined },
  asking: Asking,
): Cut {
  const { zone, calendar, now } = asking;
  const known = asOf === undefined ? now : asCut(asOf, zone);
  if (effective !== undefined) return { known, effective: dateOf(asCut(effective, zone), zone) };
  if (period === undefined) return { known };
  const date = dateOf(known, zone);
  const end = calendar.period(period).to;
  return { known, effective: date > end ? date : end };
}

function titleOf(expectation: ScenarioExpectation): string {
  const body = expectation.body as Record<string, unknown>;
  const words = Object.entries(body).map(([key, value]) => {
    if (key === 'participant' || key === 'team' || key === 'region' || key === 'measure' || key === 'period')
      return String(value);
    const text =
      typeof value === 'string'
        ? value
        : Array.isArray(value)
          ? value.map((one) => (typeof one === 'string' ? one : `all: ${(one as { all: string }).all}`)).join(' ')
          : '';
    return `${key} ${text}`;
  });
  return `${expectation.kind} ${words.join(' ')}`;
}

const lineCount = (lines: readonly StatementLine[]): string =>
  `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`;
const causesAsText = (causes: Difference['causes']): string =>
  causes.map(({ kind, amount }) => `${kind} ${amount}`).join(', ');
