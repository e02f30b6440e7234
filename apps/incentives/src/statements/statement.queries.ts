import { Inject, Injectable } from '@nestjs/common';
import { type Cut, unitsIn } from '@attain/compensation';
import type { Statement, StatementLine } from '@attain/contracts';
import type { EventStore, ReadModels } from '@attain/eventsourcing';
import { always, EVENT_STORE, type FedHistory, HISTORY, OutOfScope, periodNamed, READ_MODELS, type Scope, Turns } from '@attain/service';
import { answerOf } from '../engine-refusals.js';
import { Facts, type Said } from './facts.js';
import { requireIssued } from './require-issued.js';
import { lineIds } from './line-id.rules.js';
import { type IssuedStatement, issuedStatements } from './issued-statements.projection.js';
import { type Shown, shownStatement, type ShownStatement } from './withheld.rules.js';
import { statementHash, statementId, type StatementIssued } from './statement.decider.js';

export interface StatementSummary extends Omit<IssuedStatement, 'issued' | 'hash'> {
  /** Null where lines are withheld, since it would let these be guessed. */
  hash: string | null;
  /** Lines that are of days which the caller may not see; the sums are of the others. */
  withheld: number;
  /** When it was issued; null: a preview, of an open period or as it would have been at the cut asked for. */
  issued: string | null;
}
export interface StatementAnswer extends Omit<ShownStatement<StatementLine>, 'lines'> {
  lines: (Shown<StatementLine> & { id: string })[];
  /** What the shown lines sum to in each unit that is not money. */
  units: { unit: string; amount: string }[];
  /** Null where something is withheld, since it would let this be guessed. */
  hash: string | null;
  issued: string | null;
}
/** Why a line is what it is. The amounts of the slices sum to `trace.unrounded`, which rounds to the line. */
export interface LineExplanation {
  participant: string;
  period: string;
  line: Shown<StatementLine> & { id: string };
  /** Each input of the trace with the event that said it. */
  inputs: (StatementLine['trace']['inputs'][number] & { said: Said | null })[];
  /** The fact that moved a closed period, where the line is a difference. */
  cause: Said | null;
  issued: string | null;
}

/** Statements that are read at once for a list. */
const AT_ONCE = 32;

@Injectable()
export class StatementQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(Facts) private readonly facts: Facts,
  ) {}

  /** Statements of a period that the scope shows, by participant: issued ones, or previews of an open period and of any other cut. */
  async list(scope: Scope, period: string, cut?: Cut): Promise<StatementSummary[]> {
    const { name, from, to } = this.period(period);
    if (!cut && this.isClosed(name)) {
      await this.requireIssued(name);
      const rows = await this.models.model<IssuedStatement>(issuedStatements.name).find({
        filter: { period: name, ...scope.filter('participant', { on: { from, to } }) },
        sort: [{ field: 'participant', order: 'ascending' }],
      });
      const summaries: StatementSummary[] = [];
      for (let first = 0; first < rows.length; first += AT_ONCE) {
        summaries.push(...(await Promise.all(rows.slice(first, first + AT_ONCE).map((row) => this.summary(scope, row)))));
      }
      return summaries;
    }
    const summaries: StatementSummary[] = [];
    const turns = new Turns();
    const previews = this.history.eachStatement(name, cut, scope.covered({ from, to }));
    for (let next = answerOf(() => previews.next()); !next.done; next = answerOf(() => previews.next())) {
      if (next.value !== undefined) summaries.push(summaryOf(this.answer(scope, { statement: next.value, issued: null })));
      await turns.next();
    }
    return summaries;
  }

  /** One statement: as it was issued, byte for byte, or a preview. Throws OutOfScope when it may not be seen. */
  async one(scope: Scope, participant: string, period: string, cut?: Cut): Promise<StatementAnswer> {
    return this.answer(scope, await this.found(scope, participant, period, cut));
  }

  /** The document itself, for whoever sees everybody; throws OutOfScope otherwise. */
  async document(scope: Scope, participant: string, period: string): Promise<Statement> {
    if (!scope.everyone) throw new OutOfScope();
    return (await this.found(scope, participant, period)).statement;
  }

  /** Throws OutOfScope when there is no such line, or it may not be seen. */
  async line(scope: Scope, participant: string, period: string, id: string, cut?: Cut): Promise<LineExplanation> {
    const { period: name, issued, lines } = await this.one(scope, participant, period, cut);
    const line = lines.find((one) => one.id === id);
    if (!line) throw new OutOfScope();
    const said = (event: string) => this.facts.said(event, scope, { participant, when: line.date });
    const inputs = [];
    for (const input of line.trace?.inputs ?? []) inputs.push({ ...input, said: await said(input.event) });
    return { participant, period: name, line, inputs, cause: line.trace && line.cause && (await said(line.cause.event)), issued };
  }

  /** What is withheld follows from the lines and their traces, so that the statement of another person is read for it. */
  private async summary(scope: Scope, row: IssuedStatement): Promise<StatementSummary> {
    if (scope.everyone || isOwn(scope, row.participant)) return { ...row, withheld: 0 };
    return summaryOf(await this.one(scope, row.participant, row.period));
  }

  private answer(scope: Scope, { statement, issued }: { statement: Statement; issued: string | null }): StatementAnswer {
    const ids = lineIds(statement);
    const identified = { ...statement, lines: statement.lines.map((line, index) => ({ id: ids[index] ?? '', ...line })) };
    const shown = scope.everyone || isOwn(scope, statement.participant) ? { ...identified, withheld: { lines: 0, traces: 0 } } : shownStatement(identified, scope, this.history.company().calendar);
    const { lines, traces } = shown.withheld;
    return { ...shown, units: unitsIn(shown.lines), hash: lines + traces === 0 ? statementHash(statement) : null, issued };
  }

  private async found(scope: Scope, participant: string, period: string, cut?: Cut): Promise<{ statement: Statement; issued: string | null }> {
    const { name, from, to } = this.period(period);
    scope.require(participant, { from, to });
    if (!cut && this.isClosed(name)) {
      for await (const [event] of this.store.readStream(`statement-${statementId(participant, name)}`)) {
        if (event) return { statement: (event.data as StatementIssued['data']).statement, issued: event.meta.recorded };
      }
      await this.requireIssued(name);
      throw new OutOfScope();
    }
    if (!this.history.people().some((row) => row.participant === participant)) throw new OutOfScope();
    return { statement: answerOf(() => this.history.statement({ participant, period: name }, cut)), issued: null };
  }

  private async requireIssued(period: string): Promise<void> {
    const { participants } = this.history.closed().find((closed) => closed.period === period)!;
    requireIssued(period, await this.models.model<IssuedStatement>(issuedStatements.name).count({ period }), participants);
  }

  private isClosed(period: string): boolean {
    return this.history.closed().some((closed) => closed.period === period);
  }

  private period(name: string) {
    return periodNamed(this.history, name);
  }
}

/** Of oneself nothing is withheld. */
function isOwn(scope: Scope, participant: string): boolean {
  return scope.spans(participant)[0] === always;
}

function summaryOf({ participant, period, currency, earned, payable, lines, exceptions, waiting = [], hash, issued, withheld }: StatementAnswer): StatementSummary {
  return { participant, period, currency, earned, payable, lines: lines.length, exceptions: exceptions.length, waiting: waiting.length, hash, issued, withheld: withheld.lines };
}
