import type { AttainEvent } from '@attain/contracts';
import type { ChangeRow } from './changes.answers.js';

/** What an event changed, without who and when; `after` is null if the object has no value any more. */
export interface Changed {
  readonly kind: ChangeRow['kind'];
  readonly object: string;
  readonly after: string | null;
}

/** The change of an event; undefined for events that record no decision, such as the rows of an issued statement. */
export function changedBy(event: AttainEvent, stream: string): Changed | undefined {
  return ofPlanning(event) ?? ofPay(event) ?? ofSettings(event) ?? ofAccess(event) ?? ofSales(event, stream);
}

const joined = (...parts: readonly (string | null | undefined)[]) => parts.filter((part) => part != null).join(', ');
const days = ({ from, to }: { from: string; to: string | null }) => (to === null ? `from ${from}` : `${from} to ${to}`);
const money = (amount: string, currency: string | null) => (currency === null ? amount : `${amount} ${currency}`);

function ofPlanning({ type, data }: AttainEvent): Changed | undefined {
  switch (type) {
    case 'QuotaAssigned':
    case 'QuotaChanged':
    case 'QuotaWithdrawn': {
      const object = joined(data.for, data.measure, data.period);
      if (type === 'QuotaWithdrawn') return { kind: 'quotas', object, after: null };
      const credit =
        data.credit.length === 1 && data.credit[0] === 'sales' ? null : `credit ${data.credit.join(' + ')}`;
      const target = data.target === null ? null : `target ${data.target}`;
      return { kind: 'quotas', object, after: joined(money(data.amount, data.currency), target, credit) };
    }
    case 'ObjectiveAssigned':
    case 'ObjectiveWithdrawn': {
      const object = joined(data.for, data.component, data.period, data.name);
      return { kind: 'objectives', object, after: type === 'ObjectiveAssigned' ? data.weight : null };
    }
    case 'ScoreRecorded':
    case 'ScoreRetracted': {
      const object = joined(data.participant, data.period, data.objective);
      return { kind: 'scores', object, after: type === 'ScoreRecorded' ? data.score : null };
    }
    case 'LeaveRecorded':
    case 'LeaveRetracted': {
      const object = joined(data.participant, `leave from ${data.from}`);
      return { kind: 'leaves', object, after: type === 'LeaveRecorded' ? days(data) : null };
    }
    case 'ParticipantAssigned': {
      const { participant, role, manager, team, region, currency, fields } = data;
      const named = { role, manager, team, region, currency, ...fields };
      return { kind: 'people', object: participant, after: joined(days(data), ...texts(named)) };
    }
    case 'ParticipantAssignmentRetracted':
      return { kind: 'people', object: data.participant, after: `nothing from ${data.from}` };
    case 'RelationRecorded':
    case 'RelationRetracted': {
      const object = joined(data.person, data.relation, data.other);
      return { kind: 'people', object, after: type === 'RelationRecorded' ? days(data) : null };
    }
    default:
      return undefined;
  }
}

function ofPay({ type, data }: AttainEvent): Changed | undefined {
  switch (type) {
    case 'PlanPublished':
      return { kind: 'plans', object: `${data.plan} ${data.version}`, after: `published, ${data.hash.slice(0, 12)}` };
    case 'PlanRetracted':
      return { kind: 'plans', object: `${data.plan} ${data.version}`, after: null };
    case 'PlanSigned':
      return { kind: 'signatures', object: joined(`${data.plan} ${data.version}`, data.participant), after: 'signed' };
    case 'AdjustmentProposed': {
      const after = joined(data.participant, data.period, data.amount, 'proposed', data.reason);
      return { kind: 'adjustments', object: data.adjustment, after };
    }
    case 'AdjustmentApproved':
      return { kind: 'adjustments', object: data.adjustment, after: 'approved' };
    case 'AdjustmentRejected':
      return { kind: 'adjustments', object: data.adjustment, after: `rejected: ${data.reason}` };
    case 'PeriodClosed':
      return { kind: 'periods', object: data.period, after: `closed, ${data.participants} statements` };
    case 'ExceptionAccepted':
      return { kind: 'periods', object: joined(data.period, data.participant, data.code), after: 'accepted' };
    case 'StatementApproved':
      return { kind: 'approvals', object: joined(data.participant, data.period), after: 'statement approved' };
    case 'LateChangeApproved':
    case 'LateChangeDismissed': {
      const after = type === 'LateChangeApproved' ? 'late change approved' : 'late change dismissed';
      return { kind: 'approvals', object: joined(data.participant, data.period, data.event), after };
    }
    case 'ReleaseApproved':
    case 'ReleaseWithdrawn': {
      const object = joined(`${data.source}:${data.id}`, data.component);
      return { kind: 'approvals', object, after: type === 'ReleaseApproved' ? 'released' : null };
    }
    default:
      return undefined;
  }
}

function ofSettings({ type, data }: AttainEvent): Changed | undefined {
  switch (type) {
    case 'CompanyConfigured':
      return { kind: 'company', object: 'company', after: texts(data.document).join(', ') };
    case 'TableDefined':
      return {
        kind: 'company',
        object: `table ${data.table}`,
        after: data.rows.map((row) => row.join(' ')).join(', '),
      };
    case 'TableRetracted':
      return { kind: 'company', object: `table ${data.table}`, after: null };
    case 'SourceMapped':
      return { kind: 'company', object: `source ${data.source}`, after: texts(data.document).join(', ') };
    case 'ExchangeRateRecorded':
      return { kind: 'rates', object: joined(`${data.from} to ${data.to}`, data.date), after: data.rate };
    case 'ExchangeRateRetracted':
      return { kind: 'rates', object: joined(`${data.from} to ${data.to}`, data.date), after: null };
    default:
      return undefined;
  }
}

/** No password and no secret is in an event. */
function ofAccess({ type, data }: AttainEvent): Changed | undefined {
  switch (type) {
    case 'UserChanged':
    case 'UserChangeProposed': {
      const { after } = data;
      const account = after && joined(after.roles.join(' + '), after.participant, after.source);
      const proposed = `proposed: ${account ?? 'no access'}`;
      return { kind: 'users', object: data.user, after: type === 'UserChanged' ? account : proposed };
    }
    case 'UserChangeRejected':
      return { kind: 'users', object: data.user, after: 'proposal rejected' };
    case 'UserPasswordChanged':
      return { kind: 'users', object: data.user, after: 'another password' };
    case 'KeyCreated': {
      const after = joined(data.name, `of ${data.of}`, data.roles.join(' + '), `until ${data.expires.slice(0, 10)}`);
      return { kind: 'users', object: `key ${data.key}`, after };
    }
    case 'KeyRotated':
      return { kind: 'users', object: `key ${data.key}`, after: `another secret, until ${data.expires.slice(0, 10)}` };
    case 'KeyRevoked':
      return { kind: 'users', object: `key ${data.key}`, after: null };
    default:
      return undefined;
  }
}

function ofSales({ type, data }: AttainEvent, stream: string): Changed | undefined {
  switch (type) {
    case 'ImportStarted':
      return { kind: 'imports', object: data.source, after: data.files.join(', ') };
    case 'RowCorrected':
      return { kind: 'quarantine', object: data.quarantine, after: texts(data.cells).join(', ') };
    case 'RowReleased':
      return { kind: 'quarantine', object: data.quarantine, after: 'released' };
    default:
      return stream.startsWith('deal-')
        ? { kind: 'deals', object: stream.slice('deal-'.length), after: joined(verb(type), ...texts(data)) }
        : undefined;
  }
}

/** `DealStageChanged` as `stage changed`. */
function verb(type: string): string {
  return type
    .replace(/^Deal/, '')
    .replace(/(?<=.)([A-Z])/g, ' $1')
    .toLowerCase();
}

/** Each key with its value; keys without one are left out. */
function texts(values: object): string[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) =>
    value === null || value === undefined
      ? []
      : [`${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`],
  );
}
