import { describe, expect, it, jest } from '@jest/globals';
import type { Statement, StatementLine } from '@attain/contracts';
import { Exact, isCurrency } from '@attain/values';
import fc from 'fast-check';
import type { Fact, History } from './api.js';
import { Candidates, type ResolvedCut } from '../paid/candidates.js';
import { changesBetween } from '../paid/differences.js';
import type { Entry } from '../facts/entries.js';
import { createHistory, FactHistory } from './history.js';
import { type Asked, randomAsked, randomHistory } from '../testing/random-history.js';
import { randomStory, reordered } from '../testing/random-story.js';

const numRuns = Number(process.env['LAWS_RUNS'] ?? 200);
// Each case of these laws asks several histories for everything, which costs as much as ten cases of the others.
const dear = Math.ceil(numRuns / 10);
const seed = process.env['LAWS_SEED'];
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
jest.setTimeout(7_200_000);

const closable = ['2025-01', '2025-02', '2025-03', '2025-04'];

function historyOf(facts: readonly Fact[]): History {
  const history = createHistory();
  history.append(facts);
  return history;
}
const all = (history: History, { people: among, months }: Asked): Statement[] =>
  months.flatMap((period) => history.statements(period, undefined, new Set(among)));
const text = (value: unknown) => JSON.stringify(value);
/** If somebody earned only points or days off, `earned` is their sum and not money. */
const money = ({ amount, currency }: { amount: Exact; currency: string }) =>
  isCurrency(currency) ? amount : Exact.zero;
const sum = (amounts: readonly string[]) =>
  amounts.reduce((total, amount) => total.plus(Exact.parse(amount)), Exact.zero);
/** All answers of a history about some people and months, and about everybody, as text. */
const answers = (history: History, asked: Asked) =>
  text([
    all(history, asked),
    asked.months.map((period) => history.runHash(period)),
    history.rows('2025-12-31'),
    history.attainmentRows(`${asked.months[0]}-15`),
    history.exceptions(),
  ]);

describe('a history', () => {
  it('answers the same whether facts are appended one by one, with questions in between, or all at once', () => {
    fc.assert(
      fc.property(randomHistory(16), randomAsked, (random, asked) => {
        const { facts } = randomStory(random);
        const history = createHistory();
        for (const fact of facts) {
          history.append([fact]);
          if (facts.length - Number(fact.position) < 12) {
            for (const participant of asked.people) history.earned({ participant, period: '2025' });
            history.statements(asked.months[0]!, undefined, new Set(asked.people));
          }
        }
        expect(answers(history, asked)).toBe(answers(historyOf(facts), asked));
      }),
      { numRuns: dear },
    );
  });

  it('answers the same for any order of the facts of one instant', () => {
    fc.assert(
      fc.property(
        randomHistory(),
        fc.array(fc.nat(100), { minLength: 1, maxLength: 12 }),
        randomAsked,
        (random, order, asked) => {
          const { facts } = randomStory(random);
          expect(answers(historyOf(reordered(facts, order)), asked)).toBe(answers(historyOf(facts), asked));
        },
      ),
      { numRuns: dear },
    );
  });

  it('answers as of an instant as it answered then, despite later facts', () => {
    fc.assert(
      fc.property(randomHistory(), fc.nat(100), randomAsked, (random, at, asked) => {
        const { facts } = randomStory(random);
        const known = facts[at % facts.length]!.recorded;
        const then = historyOf(facts.filter((fact) => fact.recorded <= known));
        const now = historyOf(facts);
        const among = new Set(asked.people);
        for (const period of asked.months)
          expect(text(now.statements(period, { known }, among))).toBe(text(then.statements(period, { known }, among)));
        for (const participant of asked.people)
          expect(text(now.earned({ participant, period: '2025' }, { known }))).toBe(
            text(then.earned({ participant, period: '2025' })),
          );
      }),
      { numRuns },
    );
  });

  it('answers in steps as of the first step, despite facts that arrive between two steps', () => {
    fc.assert(
      fc.property(randomHistory(), fc.nat(100), (random, at) => {
        const { facts } = randomStory(random);
        const count = 1 + (at % facts.length);
        const [before, after] = [facts.slice(0, count), facts.slice(count)];
        const { recorded } = before.at(-1)!;
        const questions: ((history: History) => Generator<unknown, unknown>)[] = [
          (history) => history.eachStatement('2025-03'),
          (history) => history.eachStatement('2025-03', { known: recorded }),
          (history) => history.eachRow('2025-12-31'),
          (history) => history.eachRow(),
          (history) => history.eachAttainmentRow(),
          (history) => history.payPeriodsInSteps(),
          (history) => history.attainmentInSteps({ for: { company: true }, measure: 'revenue', period: '2025' }),
          (history) =>
            history.closed().length > 0
              ? history.eachStatement(history.closed().at(-1)!.period)
              : history.closingsInSteps('2025-03', recorded),
        ];
        const inSteps = (question: (history: History) => Generator<unknown, unknown>, meanwhile: readonly Fact[]) => {
          const history = historyOf(before);
          const arriving = [...meanwhile];
          const steps = question(history);
          const texts: string[] = [];
          for (let next = steps.next(); ; next = steps.next()) {
            // Traces are made when they are read, after later facts have arrived.
            texts.push(
              next.done
                ? JSON.stringify(next.value, (key, value: unknown) =>
                    key === 'trace' || key === 'rate' ? undefined : value,
                  )
                : text(next.value),
            );
            if (next.done) return texts;
            history.append(arriving.splice(0, 1));
          }
        };
        for (const question of questions) expect(inSteps(question, after)).toEqual(inSteps(question, []));
      }),
      { numRuns: dear },
    );
  });

  it('answers the same after a preparation, despite facts that arrived meanwhile', () => {
    fc.assert(
      fc.property(randomHistory(), fc.nat(100), randomAsked, (random, at, { people }) => {
        const { facts } = randomStory(random);
        const count = 1 + (at % facts.length);
        const history = historyOf(facts.slice(0, count));
        const arriving = facts.slice(count);
        const questions = [...people.map((participant) => ({ participant })), { company: true } as const].map(
          (whom) => ({ for: whom, measure: 'revenue', period: '2025', as: ['sales'] }),
        );
        for (const question of questions)
          for (const _ of history.prepare(question)) history.append(arriving.splice(0, 1));
        for (const _ of history.prepare('warnings')) history.append(arriving.splice(0, 1));
        const unprepared = historyOf(facts.slice(0, facts.length - arriving.length));
        const asked = (of: History) => [
          questions.map((question) => text(of.attainment(question))),
          text(of.warnings()),
        ];
        expect(asked(history)).toEqual(asked(unprepared));
      }),
      { numRuns },
    );
  });

  it('never changes a closed document, and gives the same hash when it is replayed', () => {
    fc.assert(
      fc.property(randomHistory(), randomAsked, (random, asked) => {
        const { facts } = randomStory(random);
        const among = new Set(asked.people);
        const now = historyOf(facts);
        const again = historyOf(facts);
        const closings = facts.flatMap((fact, index) => (fact.type === 'PeriodClosed' ? [{ fact, index }] : []));
        for (const { fact, index } of closings) {
          const then = historyOf(facts.slice(0, index + 1));
          const { period, known, runHash } = fact.data;
          expect(text(now.statements(period, undefined, among))).toBe(text(then.statements(period, undefined, among)));
          expect(then.runHash(period, { known: fact.recorded })).toBe(runHash);
          expect(again.runHash(period, { known })).toBe(now.runHash(period, { known }));
        }
      }),
      { numRuns },
    );
  });
});

describe('a statement', () => {
  it('is the sum of its lines; slices explain each line, and its facts include those of the record', () => {
    fc.assert(
      fc.property(randomHistory(), randomAsked, (random, asked) => {
        const history = historyOf(randomStory(random).facts);
        const wrong = all(history, asked).flatMap(({ payable, currency, lines, components }) => {
          // Points and days off are in no total.
          const paidInMoney = lines.filter(({ payableCurrency }) => payableCurrency === currency);
          const parts = [paidInMoney, components].map((part) => sum(part.map((one) => one.payable)));
          return [
            ...parts.filter((part) => !part.equals(Exact.parse(payable))).map((part) => `${part} is not ${payable}`),
            ...lines.flatMap((line) => unexplained(line, history)),
          ];
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns },
    );
  });
});

/** The contradictions of a line, as text. */
function unexplained({ trace, earned, payable, record, kind, component }: StatementLine, history: History): string[] {
  const unrounded = Exact.parse(trace.unrounded);
  const facts = trace.inputs.map(({ event }) => history.fact(event));
  const holds = {
    'its slices sum to what is not rounded yet': sum(trace.slices.map(({ amount }) => amount)).equals(unrounded),
    'it is rounded half up':
      (['Total', 'Pool', 'Contest'].includes(component) && kind !== 'difference') ||
      (kind === 'hold' || kind === 'release'
        ? [payable]
        : kind === 'difference'
          ? [earned, payable]
          : [earned]
      ).includes(unrounded.toDecimal(2, 'half-up')),
    'each input is a fact': !facts.includes(undefined),
    'its facts include its record':
      record === null ||
      facts.some((fact) => component === 'Collected' || fact?.stream === `deal-${record?.source}:${record?.id}`),
  };
  return Object.entries(holds).flatMap(([what, so]) => (so ? [] : [`${record?.id} of ${component}: ${what}`]));
}

describe('differences', () => {
  it('are the sums of their causes', () => {
    fc.assert(
      fc.property(randomHistory(), fc.nat(100), fc.nat(100), randomAsked, (random, a, b, asked) => {
        const { facts } = randomStory(random);
        const history = historyOf(facts);
        const [from, to] = [a, b].map((at) => ({
          known: facts[at % facts.length]!.recorded,
          effective: `2025-0${1 + (at % 5)}-15`,
        }));
        const period = b % 2 === 0 ? '2025-Q1' : asked.months[0]!;
        for (const participant of asked.people) {
          const { total, causes } = history.difference({ participant, period }, from!, to!);
          const earned = (cut: typeof from) => money(history.earned({ participant, period }, cut));
          expect(total).toEqual(earned(to).minus(earned(from)));
          expect(causes.reduce((parts, { amount }) => parts.plus(amount), Exact.zero)).toEqual(total);
        }
      }),
      { numRuns },
    );
  });

  it('bring the pay of each record to its earnings, as of the last close', () => {
    fc.assert(
      fc.property(randomHistory(), randomAsked, (random, { people }) => {
        const { facts } = randomStory(random);
        const history = historyOf(facts);
        const closed = history
          .closed()
          .map(({ period }) => period)
          .filter((period) => closable.includes(period));
        const last = facts.findLast((fact) => fact.type === 'PeriodClosed' && fact.data.period === closed.at(-1));
        if (last === undefined || last.type !== 'PeriodClosed') return;
        const cut = { known: last.recorded, effective: last.data.effective };
        const exact = facts.every((fact) => fact.position <= last.position || fact.recorded > last.recorded);
        for (const participant of people) {
          const waiting = history.statement({ participant, period: closed.at(-1)! }).waiting ?? [];
          const lines = [
            ...closed.flatMap((period) => history.statement({ participant, period }).lines),
            ...waiting,
          ].filter(({ earnedCurrency }) => earnedCurrency === 'USD');
          const paid = sum(lines.map(({ earned }) => earned));
          const earned = closed.reduce(
            (total, period) => total.plus(money(history.earned({ participant, period }, cut))),
            Exact.zero,
          );
          if (exact) expect(paid).toEqual(earned);
        }
      }),
      { numRuns },
    );
  });

  it('are the same when facts that cannot touch them are applied too', () => {
    class Everything extends Candidates {
      constructor(
        private readonly history: FactHistory,
        private readonly since: ResolvedCut,
        private readonly until: ResolvedCut,
      ) {
        super(history.facts, since, until);
      }
      override touching(): Entry[] {
        const { reversals, leaves } = this.history.facts;
        const moving = [...this.history.facts.movingAfter(0)];
        const within = (day: string) => day > this.since.effective && day <= this.until.effective;
        // A leave that begins within reach moves quotas that are prorated, of earlier months too.
        const begun = [...leaves.values()]
          .flat()
          .filter(
            ({ at, fact }) => at <= this.since.position && fact.type === 'LeaveRecorded' && within(fact.data.from),
          );
        return [
          ...reversals.filter(({ at, fact }) => at <= this.since.position && within(fact.data.date)),
          ...begun,
          ...moving.filter(({ at }) => at > this.since.position && at <= this.until.position),
        ];
      }
    }
    fc.assert(
      fc.property(randomHistory(), fc.nat(100), randomAsked, (random, at, asked) => {
        const { facts } = randomStory(random);
        const history = new FactHistory();
        history.append(facts);
        const older = { position: 1 + (at % facts.length), effective: '2025-02-28' };
        const newer = { position: facts.length, effective: '2025-03-31' };
        const select = ({ date }: { date: string }) => date.slice(0, 7);
        for (const participant of asked.people) {
          const changes = (candidates: Candidates) =>
            changesBetween(
              { facts: history.facts, candidates, worlds: [history.world(older), history.world(newer)], older, newer },
              participant,
              select,
              '2025-02-28',
            ).map(({ component, period, line, amount, cause }) => [
              component,
              period,
              line.credit?.id,
              String(amount),
              cause.fact.id,
            ]);
          expect(changes(new Candidates(history.facts, older, newer))).toEqual(
            changes(new Everything(history, older, newer)),
          );
        }
      }),
      { numRuns },
    );
  });
});

describe('a reversal', () => {
  it('of a whole record is the opposite of its own line, and the other records earn as if it did not exist', () => {
    fc.assert(
      fc.property(randomHistory(), randomAsked, (random, { people }) => {
        const { facts } = randomStory(random);
        const history = historyOf(facts);
        for (const participant of people) {
          const { lines, byRecord } = history.earned({ participant, period: '2025' });
          for (const line of lines.filter(({ kind, credited }) => kind === 'earning' && credited !== null)) {
            const own = lines.filter(
              ({ record, component, version }) =>
                record?.id === line.record?.id && component === line.component && version === line.version,
            );
            const reversed = own.find(({ kind }) => kind === 'reversal');
            const state = facts.filter((fact) => fact.stream === `deal-crm:${line.record?.id}`);
            const whole = state.some((fact) => fact.type === 'DealReversed' && fact.data.amount === null);
            if (reversed === undefined || !whole) continue;
            expect(Exact.parse(reversed.earned)).toEqual(Exact.parse(line.earned).negated());
            const stream = `deal-crm:${line.record?.id}`;
            const without = historyOf(facts.filter((fact) => fact.stream !== stream && fact.type !== 'PeriodClosed'));
            const other = without.earned({ participant, period: '2025' }).byRecord;
            const mine = (records: typeof byRecord) =>
              records
                .filter(({ record, amount }) => record.id !== line.record?.id && !amount.isZero())
                .map(({ record, amount }) => [record.id, String(amount)]);
            if (!random.components.some((component) => (component as { rounding?: unknown }).rounding !== undefined))
              expect(mine(byRecord).sort()).toEqual(mine(other).sort());
          }
        }
      }),
      { numRuns },
    );
  });
});
