import type { StoredLine, StoredStatement } from '@attain/contracts';
import { Exact, isCurrency } from '@attain/values';
import type { LineRow } from './api.js';
import type { Facts } from '../facts/facts.js';
import { digitsOf } from '../facts/money.rules.js';
import { reversalId } from '../facts/reversals.rules.js';
import { planVersion } from '../plans/plans.js';

/**
 * The rows of a statement that are not 0, in its order. A difference is dated on the last day of the statement's
 * period, because the day on which its fact arrived depends on the time of the import.
 */
export function statementRows({ participant, period, cut, lines }: StoredStatement, facts: Facts): LineRow[] {
  return lines
    .filter(({ earned, payable }) => !Exact.parse(earned).isZero() || !Exact.parse(payable).isZero())
    .map((line) => ({
      plan: line.plan,
      version: line.version,
      period,
      participant,
      component: line.component,
      source: line.record?.source ?? '',
      record: line.record?.id ?? '',
      kind: line.kind,
      for: line.for ?? '',
      date: line.kind === 'difference' ? cut.effective : line.date,
      causedBy: line.causedBy?.id ?? '',
      credited: creditedText(line, facts),
      earned: line.earned,
      earnedCurrency: line.earnedCurrency,
      payable: line.payable,
      payableCurrency: line.payableCurrency,
      cause: line.cause === null ? '' : recordOfFact(facts, line.cause.event),
    }));
}

/**
 * Rounded to the minor unit of the currency in which the component counts; for points and days off, that of the plan's
 * currency.
 */
function creditedText({ credited, earnedCurrency, plan, version }: StoredLine, facts: Facts): string {
  if (credited === null) return '';
  const counted = isCurrency(earnedCurrency) ? earnedCurrency : currencyOfPlan(facts, plan, version);
  return Exact.parse(credited).toDecimal(digitsOf(counted ?? earnedCurrency), 'half-up');
}

function currencyOfPlan(facts: Facts, plan: string, version: string): string | undefined {
  const published = facts.plans
    .get(plan)
    ?.findLast(({ fact }) => fact.type === 'PlanPublished' && fact.data.version === version);
  return published?.fact.type === 'PlanPublished' ? planVersion(published.fact).currency : undefined;
}

/** The id of the record that a fact concerns: a reversal's own id, else the id of the deal, person and so on. */
export function recordOfFact(facts: Facts, event: string): string {
  const fact = facts.fact(event);
  if (fact === undefined) return '';
  switch (fact.type) {
    case 'DealReversed':
    case 'DealReversalRetracted':
    case 'InvoiceReversed':
    case 'InvoiceReversalRetracted':
      return reversalId(facts, fact.data.reversal);
    case 'QuotaAssigned':
    case 'QuotaChanged':
    case 'QuotaWithdrawn':
      return fact.data.for;
    case 'ObjectiveAssigned':
    case 'ObjectiveWithdrawn':
      return fact.data.for;
    case 'ScoreRecorded':
    case 'ScoreRetracted':
      return fact.data.participant;
    case 'ParticipantAssigned':
    case 'ParticipantAssignmentRetracted':
    case 'LeaveRecorded':
    case 'LeaveRetracted':
    case 'PlanSigned':
    case 'AdjustmentApproved':
      return fact.data.participant;
    case 'RelationRecorded':
    case 'RelationRetracted':
      return fact.data.person;
    case 'ExchangeRateRecorded':
    case 'ExchangeRateRetracted':
      return `${fact.data.from}-${fact.data.to}`;
    case 'PlanPublished':
    case 'PlanRetracted':
      return fact.data.plan;
    case 'TableDefined':
    case 'TableRetracted':
      return fact.data.table;
    case 'AccountRecorded':
    case 'AccountRetracted':
    case 'ReleaseApproved':
    case 'ReleaseWithdrawn':
      return fact.data.id;
    default:
      return facts.records.get(fact.stream)?.id ?? '';
  }
}
