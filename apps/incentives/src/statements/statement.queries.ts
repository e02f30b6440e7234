import { Inject, Injectable } from '@nestjs/common';
import { type Cut, type DaysBehind, engineVersion, type Explanation, unitsIn } from '@attain/compensation';
import { HASH_RULE, type HashRule, type Statement, statementHash, type StoredStatement } from '@attain/contracts';
import type { EventStore, ReadModels } from '@attain/eventsourcing';
import {
  always,
  EVENT_STORE,
  type FedHistory,
  HISTORY,
  notFound,
  OutOfScope,
  periodNamed,
  READ_MODELS,
  type Scope,
  Turns,
} from '@attain/service';
import { answerOf } from '../engine-refusals.js';
import { eventsOf, isTreeSeen, withFacts } from './explanation.rules.js';
import { Facts, type StatedFact } from './facts.js';
import { requireIssued } from './require-issued.js';
import { differenceOf, type ExplainedLine, explainedLines, type LineDifference } from './explained-lines.rules.js';
import { lineIds } from './line-id.rules.js';
import { type IssuedStatement, issuedStatementsProjection, WHOLE } from './issued-statements.projection.js';
import { shownLines, shownStatement } from './withheld.rules.js';
import { statementId } from './statement.decider.js';
import { issuedIn } from './stored-statements.js';
import type { LineExplanation, ShownLine, StatementAnswer, StatementSummary } from './statements.answers.js';

export type { LineExplanation, StatementAnswer, StatementSummary } from './statements.answers.js';

/** A statement as it was issued, or a preview. */
interface Found {
  statement: StoredStatement;
  hashRule: HashRule;
  /** Null: a preview. */
  issued: string | null;
  engine: string | null;
}

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
      const rows = await this.models.model<IssuedStatement>(issuedStatementsProjection.name).find({
        filter: { period: name, ...WHOLE, ...scope.filter('participant', { on: { from, to } }) },
        sort: [{ field: 'participant', order: 'ascending' }],
      });
      const [summaries, turns]: [StatementSummary[], Turns] = [[], new Turns()];
      for (const row of rows) {
        summaries.push(await this.summary(scope, row));
        await turns.next();
      }
      return summaries;
    }
    const summaries: StatementSummary[] = [];
    const turns = new Turns();
    const previews = this.history.eachStatement(name, cut, scope.covered({ from, to }));
    for (let next = answerOf(() => previews.next()); !next.done; next = answerOf(() => previews.next())) {
      if (next.value !== undefined) summaries.push(this.preview(scope, next.value, cut));
      await turns.next();
    }
    return summaries;
  }

  /** One statement: as it was issued, or a preview. Throws OutOfScope if the caller may not see it. */
  async one(scope: Scope, participant: string, period: string, cut?: Cut): Promise<StatementAnswer> {
    return this.answer(scope, await this.found(scope, participant, period, cut), cut);
  }

  /** The document itself, for callers who see everybody; throws OutOfScope otherwise. */
  async document(scope: Scope, participant: string, period: string): Promise<Statement> {
    if (!scope.everyone) throw new OutOfScope();
    const { statement } = await this.found(scope, participant, period);
    const lines = this.explained(statement).map(({ id, differs, trace, ...line }) => {
      if (trace === null)
        throw new Error(
          `the line ${id} of ${participant} for ${period} is computed otherwise than it was issued: ${JSON.stringify(differs)}`,
        );
      return { ...line, trace };
    });
    return { ...statement, lines };
  }

  /** Throws OutOfScope if the line does not exist, or the caller may not see it. */
  async line(scope: Scope, participant: string, period: string, id: string, cut?: Cut): Promise<LineExplanation> {
    const { statement, issued, engine: by } = await this.found(scope, participant, period, cut);
    const own = scope.everyone || isOwn(scope, participant);
    const [found] = this.explained(statement, id);
    const [shown] =
      found === undefined || own
        ? [found]
        : shownLines(participant, [found], scope, this.history.company().calendar, this.behind(statement, cut));
    if (found === undefined || shown === undefined)
      throw notFound(scope, { kind: 'line', name: id, known: this.explained(statement).map((line) => line.id) });
    const { differs: _, ...line } = shown;
    const { tree, differs } =
      line.trace === null ? { tree: null, differs: found.differs } : this.tree(scope, statement, found, cut);
    const causes = (line.trace !== null || own) && line.cause ? [line.cause.event] : [];
    const facts = new Map<string, StatedFact | null>();
    for (const event of [
      ...(line.trace?.inputs ?? []).map((input) => input.event),
      ...causes,
      ...(tree === null ? [] : eventsOf(tree)),
    ]) {
      if (!facts.has(event))
        facts.set(
          event,
          await this.facts[causes.includes(event) ? 'cause' : 'fact'](event, scope, { participant, when: line.date }),
        );
    }
    const inputs = (line.trace?.inputs ?? []).map((input) => ({ ...input, fact: facts.get(input.event) ?? null }));
    // Engines that did not name themselves stored the trace with the line.
    const engine = by && engineVersion;
    const explained = line.trace && { engine, tree: tree && engineVersion, known: statement.cut.known };
    const cause = causes.length === 0 ? null : (facts.get(causes[0]!) ?? null);
    return {
      participant,
      period: statement.period,
      line,
      explanation: tree && withFacts(tree, facts),
      explained,
      differs: own ? differs : null,
      inputs,
      cause,
      issued,
    };
  }

  /** The explanation of a line. Without a tree if the tree depends on days outside the scope, or if another line is computed now. */
  private tree(
    scope: Scope,
    { participant, period }: StoredStatement,
    line: ExplainedLine,
    cut?: Cut,
  ): { tree: Explanation | null; differs: LineDifference | null } {
    const { statement, explain } = answerOf(() => this.history.explained({ participant, period }, cut));
    const index = lineIds(statement).indexOf(line.id);
    const { id: _, trace: __, differs: ___, ...issued } = line;
    const differs = differenceOf(issued, statement.lines[index]);
    if (differs !== null) return { tree: null, differs };
    const tree = explain(index);
    const isSeen =
      scope.everyone ||
      isOwn(scope, participant) ||
      isTreeSeen(tree, participant, scope, this.history.company().calendar);
    return { tree: isSeen ? tree : null, differs };
  }

  /** Reads the whole statement, because its lines and traces decide what is withheld. */
  private async summary(scope: Scope, { parts: _, missing: __, ...row }: IssuedStatement): Promise<StatementSummary> {
    if (scope.everyone || isOwn(scope, row.participant)) return { ...row, withheld: 0 };
    return summaryOf(await this.one(scope, row.participant, row.period));
  }

  private preview(scope: Scope, statement: Statement, cut?: Cut): StatementSummary {
    const found = { statement, hashRule: HASH_RULE, issued: null, engine: engineVersion };
    if (!scope.everyone && !isOwn(scope, statement.participant)) return summaryOf(this.answer(scope, found, cut));
    return summaryOf({ ...statement, ...found, hash: statementHash(statement), withheld: NOTHING_WITHHELD });
  }

  private answer(scope: Scope, { statement, hashRule, issued, engine }: Found, cut?: Cut): StatementAnswer {
    const explained = this.explained(statement);
    const lines = explained.map(({ differs: _, ...line }) => line);
    const own = scope.everyone || isOwn(scope, statement.participant);
    const shown = own
      ? { ...statement, lines, withheld: NOTHING_WITHHELD }
      : shownStatement({ ...statement, lines }, scope, this.history.company().calendar, this.behind(statement, cut));
    const isWhole = shown.withheld.lines + shown.withheld.traces === 0;
    const unexplained = own ? explained.filter(({ differs }) => differs !== null).length : 0;
    return {
      ...shown,
      units: unitsIn(shown.lines),
      hash: isWhole ? statementHash(statement, hashRule) : null,
      issued,
      engine,
      unexplained,
    };
  }

  /** An issued statement is explained as it was known when its period closed. */
  private explained(statement: StoredStatement, only?: string): ExplainedLine[] {
    const { participant, period } = statement;
    return explainedLines(statement, () => answerOf(() => this.history.statement({ participant, period })), only);
  }

  /** The days that each line depends on; null if another line is computed now than was issued. */
  private behind(
    { participant, period }: StoredStatement,
    cut?: Cut,
  ): (line: ShownLine & Partial<Pick<ExplainedLine, 'differs'>>) => DaysBehind | null {
    let again: { ids: readonly string[]; explained: ReturnType<FedHistory['explained']> } | undefined;
    return ({ id, trace: _, differs: __, ...line }) => {
      if (again === undefined) {
        const explained = answerOf(() => this.history.explained({ participant, period }, cut));
        again = { ids: lineIds(explained.statement), explained };
      }
      const { ids, explained } = again;
      const index = ids.indexOf(id);
      return index < 0 || differenceOf(line, explained.statement.lines[index]) !== null
        ? null
        : explained.behind(index);
    };
  }

  private isKnown(participant: string): boolean {
    return this.history.people().some((row) => row.participant === participant);
  }

  /** Nobody is paid under this name, or not for this period. */
  private unpaid(scope: Scope, participant: string, period: string): OutOfScope {
    const known = this.history.people().map((row) => row.participant);
    return this.isKnown(participant)
      ? notFound(scope, { kind: 'statement', name: period, in: `participant ${participant}` })
      : notFound(scope, { kind: 'participant', name: participant, known });
  }

  private async found(scope: Scope, participant: string, period: string, cut?: Cut): Promise<Found> {
    const { name, from, to } = this.period(period);
    scope.require(participant, { from, to });
    if (!cut && this.isClosed(name)) {
      const issued = await issuedIn(this.store, `statement-${statementId(participant, name)}`);
      if (issued !== undefined)
        return {
          statement: issued.statement,
          hashRule: issued.hashRule,
          issued: issued.recorded,
          engine: issued.engine,
        };
      await this.requireIssued(name);
      throw this.unpaid(scope, participant, name);
    }
    if (!this.isKnown(participant)) throw this.unpaid(scope, participant, name);
    return {
      statement: answerOf(() => this.history.statement({ participant, period: name }, cut)),
      hashRule: HASH_RULE,
      issued: null,
      engine: engineVersion,
    };
  }

  private async requireIssued(period: string): Promise<void> {
    const { participants } = this.history.closed().find((closed) => closed.period === period)!;
    requireIssued(
      period,
      await this.models.model<IssuedStatement>(issuedStatementsProjection.name).count({ period, ...WHOLE }),
      participants,
    );
  }

  private isClosed(period: string): boolean {
    return this.history.closed().some((closed) => closed.period === period);
  }

  private period(name: string) {
    return periodNamed(this.history, name);
  }
}

const NOTHING_WITHHELD = { lines: 0, traces: 0 };

/** Nothing is withheld from the participant. */
function isOwn(scope: Scope, participant: string): boolean {
  return scope.spans(participant)[0] === always;
}

type Summed = Pick<
  StatementAnswer,
  | 'participant'
  | 'period'
  | 'currency'
  | 'earned'
  | 'payable'
  | 'exceptions'
  | 'waiting'
  | 'hash'
  | 'engine'
  | 'issued'
  | 'withheld'
> & { lines: readonly unknown[] };
function summaryOf({
  participant,
  period,
  currency,
  earned,
  payable,
  lines,
  exceptions,
  waiting = [],
  hash,
  engine,
  issued,
  withheld,
}: Summed): StatementSummary {
  return {
    participant,
    period,
    currency,
    earned,
    payable,
    lines: lines.length,
    exceptions: exceptions.length,
    waiting: waiting.length,
    hash,
    engine,
    issued,
    withheld: withheld.lines,
  };
}
