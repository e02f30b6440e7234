import { Inject, Injectable } from '@nestjs/common';
import type { Cut } from '@attain/compensation';
import type { Statement, StatementLine } from '@attain/contracts';
import type { Clock, EventStore, ReadModels } from '@attain/eventsourcing';
import { CLOCK, EVENT_STORE, type FedHistory, HISTORY, OutOfScope, periodNamed, READ_MODELS, type Scope } from '@attain/service';
import { dateOf, type LocalDate } from '@attain/values';
import { answerOf } from '../engine-refusals.js';
import { Facts, type Said } from './facts.js';
import { lineIds } from './line-id.rules.js';
import { type IssuedStatement, issuedStatements } from './issued-statements.projection.js';
import { statementHash, statementId, type StatementIssued } from './statement.decider.js';

export interface StatementSummary extends Omit<IssuedStatement, 'issued'> {
  /** When it was issued; null: a preview, of an open period or as it would have been at the cut asked for. */
  issued: string | null;
}
export interface StatementAnswer extends Omit<Statement, 'lines'> {
  lines: (StatementLine & { id: string })[];
  hash: string;
  issued: string | null;
}
/** Why a line is what it is. The amounts of the slices sum to `trace.unrounded`, which rounds to the line. */
export interface LineExplanation {
  participant: string;
  period: string;
  line: StatementLine & { id: string };
  /** Each input of the trace with the event that said it. */
  inputs: (StatementLine['trace']['inputs'][number] & { said: Said | null })[];
  /** The fact that moved a closed period, where the line is a difference. */
  cause: Said | null;
  issued: string | null;
}

@Injectable()
export class StatementQueries {
  constructor(
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(READ_MODELS) private readonly models: ReadModels,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(Facts) private readonly facts: Facts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Statements of a period inside the scope, by participant: issued ones, or previews of an open period and of any other cut. */
  async list(scope: Scope, period: string, cut?: Cut): Promise<StatementSummary[]> {
    const { name } = this.period(period);
    if (!cut && this.isClosed(name)) {
      return this.models.model<IssuedStatement>(issuedStatements.name).find({
        filter: { period: name, ...scope.filter('participant') },
        sort: [{ field: 'participant', order: 'ascending' }],
      });
    }
    const previews = answerOf(() => this.history.statements(name, cut, scope.everyone ? undefined : scope.participants));
    return previews.map(({ participant, currency, earned, payable, lines, exceptions, ...statement }) => ({
      participant,
      period: name,
      currency,
      earned,
      payable,
      lines: lines.length,
      exceptions: exceptions.length,
      hash: statementHash({ participant, currency, earned, payable, lines, exceptions, ...statement }),
      issued: null,
    }));
  }

  /** One statement: as it was issued, byte for byte, or a preview. Throws OutOfScope when it may not be seen. */
  async one(scope: Scope, participant: string, period: string, cut?: Cut): Promise<StatementAnswer> {
    const { statement, issued } = await this.found(scope, participant, period, cut);
    return { ...statement, lines: identified(statement), hash: statementHash(statement), issued };
  }

  /** Throws OutOfScope when there is no such line, or it may not be seen. */
  async line(scope: Scope, participant: string, period: string, id: string, cut?: Cut): Promise<LineExplanation> {
    const { statement, issued } = await this.found(scope, participant, period, cut);
    const line = identified(statement).find((one) => one.id === id);
    if (!line) throw new OutOfScope();
    const inputs = [];
    for (const input of line.trace.inputs) inputs.push({ ...input, said: await this.facts.said(input.event) });
    return { participant, period: statement.period, line, inputs, cause: line.cause && (await this.facts.said(line.cause.event)), issued };
  }

  /** The date whose hierarchy says who may see a period: its last day, or the one asked about where that comes first. */
  dateOfData(period: string, cut: Cut = {}): LocalDate {
    const { to } = this.period(period);
    const on = cut.effective ?? dateOf(cut.known ?? this.clock(), this.history.company().timeZone);
    return on < to ? on : to;
  }

  private async found(scope: Scope, participant: string, period: string, cut?: Cut): Promise<{ statement: Statement; issued: string | null }> {
    scope.require(participant);
    const { name } = this.period(period);
    if (!cut && this.isClosed(name)) {
      for await (const [event] of this.store.readStream(`statement-${statementId(participant, name)}`)) {
        if (event) return { statement: (event.data as StatementIssued['data']).statement, issued: event.meta.recorded };
      }
      throw new OutOfScope();
    }
    if (!this.history.people().some((row) => row.participant === participant)) throw new OutOfScope();
    return { statement: answerOf(() => this.history.statement({ participant, period: name }, cut)), issued: null };
  }

  private isClosed(period: string): boolean {
    return this.history.closed().some((closed) => closed.period === period);
  }

  private period(name: string) {
    return periodNamed(this.history.company().calendar, name);
  }
}

function identified(statement: Statement): StatementAnswer['lines'] {
  const ids = lineIds(statement);
  return statement.lines.map((line, index) => ({ id: ids[index] ?? '', ...line }));
}
