import { readFile } from 'node:fs/promises';
import { type DocumentNode, parseDocuments, type ScenarioStep, validateSource } from '@attain/contracts';
import { type Context, Refused } from '@attain/eventsourcing';
import {
  AdjustmentCommands,
  ApprovalCommands,
  LateChangeCommands,
  PeriodCommands,
  PlanCommands,
  SignatureCommands,
} from '@attain/incentives';
import {
  AccountCommands,
  type As,
  DealCommands,
  fileBeside,
  type ImportRequest,
  Imports,
  isFile,
  LeadsOut,
  RelatedCommands,
  SourceCommands,
} from '@attain/pipeline';
import { LeaveCommands, ParticipantCommands, QuotaCommands, RateCommands, ScoreCommands } from '@attain/planning';
import { EVENT_STORE, HISTORY, type Lookup } from '@attain/service';
import { dateOf } from '@attain/values';
import type { Scheduled } from './schedule.rules.js';

const OWN = 'scenario';

type Body<Kind extends ScenarioStep['kind']> = Extract<ScenarioStep, { kind: Kind }>['body'];

/** A late change as a step names it. */
interface Reviewing {
  readonly participant: string | undefined;
  readonly period: string | undefined;
  readonly change: string | undefined;
  readonly isDeal: boolean;
}

/** Turns the steps of one scenario into the commands that people and programs send. */
export class Steps {
  private readonly sources: Set<string>;
  /** The positions of what a step with a key recorded: behind the first, up to the second. */
  private readonly keys = new Map<string, readonly [bigint, bigint]>();

  constructor(
    private readonly services: Lookup,
    private readonly node: DocumentNode,
    private readonly zone: string,
    sources: readonly string[],
  ) {
    this.sources = new Set([OWN, ...sources]);
  }

  /** Rejects with Refused or Malformed when the step may not happen. */
  async take(scheduled: Scheduled<ScenarioStep>): Promise<void> {
    const { key } = scheduled.entry;
    if (key === undefined) return this.send(scheduled);
    const store = this.services.get(EVENT_STORE);
    const from = await store.head();
    await this.send(scheduled);
    if (!this.keys.has(key)) this.keys.set(key, [from, await store.head()]);
  }

  private async send({ entry, at, path }: Scheduled<ScenarioStep>): Promise<void> {
    const { services } = this;
    const context: Context = {
      actor: entry.by ?? 'scenario',
      correlation: `scenario at ${at}`,
      ...(entry.reason !== undefined && { reason: entry.reason }),
      ...(entry.key !== undefined && { key: entry.key }),
    };
    switch (entry.kind) {
      case 'person':
        return this.person(entry.body, context);
      case 'leave': {
        const { participant, from, to = null } = entry.body;
        return void (await services.get(LeaveCommands).record({ participant, source: null, from, to }, context));
      }
      case 'adjust':
        return this.adjust(entry.body, context);
      case 'sign':
        return void (await services.get(SignatureCommands).sign(entry.body, context));
      case 'score':
        return void (await services.get(ScoreCommands).record(entry.body, context));
      case 'rate':
        return void (await services.get(RateCommands).record(entry.body, context));
      case 'quota': {
        const { reason = context.reason, ...row } = entry.body;
        const why = { ...context, ...(reason !== undefined && { reason }) };
        return void (await services.get(QuotaCommands).assign(row, why));
      }
      case 'plan':
        return void (await services.get(PlanCommands).publish(this.asWritten([...path, 'plan']), context));
      case 'account': {
        const { id, ...fields } = entry.body;
        return void (await services.get(AccountCommands).record({ source: OWN, id, fields: texts(fields) }, context));
      }
      case 'deal':
      case 'won':
      case 'lost':
      case 'changed':
      case 'reopened':
        return this.deal(entry, dateOf(at, this.zone), context);
      case 'split': {
        const { deal, revenue = {}, overlay = {} } = entry.body;
        return void (await services.get(DealCommands).split(await this.recordOf(deal), { revenue, overlay }, context));
      }
      case 'cancelled':
      case 'refunded':
      case 'churned':
      case 'credited':
        return this.reverse(entry, context);
      case 'invoice':
        return this.invoice(entry.body, context);
      case 'paid':
        return this.pay(entry.body, context);
      case 'approve':
        return this.approve(entry.body, dateOf(at, this.zone), context);
      case 'dismiss': {
        const { participant, change, for: period } = entry.body;
        return this.review('dismiss', { participant, period, change, isDeal: false }, context);
      }
      case 'close':
        return void (await services.get(PeriodCommands).close(entry.body, context));
      case 'import':
        return this.import(entry.body, context);
      case 'dispute':
        throw new Refused('NOT_SUPPORTED', 'the check of scenarios lets no step `dispute` pass');
    }
  }

  private async adjust(body: Body<'adjust'>, context: Context): Promise<void> {
    const { deal, reason = context.reason ?? 'a scenario', ...adjustment } = body;
    const record = deal === undefined ? null : await this.recordOf(deal);
    const proposed = { ...adjustment, plan: adjustment.plan ?? null, for: adjustment.for ?? null, record, reason };
    await this.services.get(AdjustmentCommands).propose(proposed, context, { approve: true });
  }

  private async reverse(
    { kind, body }: Extract<ScenarioStep, { kind: 'cancelled' | 'refunded' | 'churned' | 'credited' }>,
    context: Context,
  ): Promise<void> {
    const { id, deal, invoice, date, amount } = body;
    const reversal = {
      kind,
      date,
      ...(id !== undefined && { reversal: id }),
      ...(amount !== undefined && { amount }),
    };
    if (invoice === undefined)
      await this.services.get(DealCommands).reverse(await this.recordOf(deal ?? ''), reversal, context);
    else await this.services.get(RelatedCommands).reverse(await this.recordOf(invoice, 'invoice'), reversal, context);
  }

  private async invoice({ id, deal, ...fields }: Body<'invoice'>, context: Context): Promise<void> {
    const ofDeal = deal === undefined ? null : await this.recordOf(deal);
    const record = { source: OWN, id, deal: ofDeal, fields: texts(fields) };
    await this.services.get(RelatedCommands).record('invoices', record, context);
  }

  private async pay(body: Body<'paid'>, context: Context): Promise<void> {
    const { id = nameOfPayment(body), deal, invoice, date, ...fields } = body;
    const ofDeal = deal === undefined ? null : await this.recordOf(deal);
    const ofInvoice = invoice === undefined ? null : await this.recordOf(invoice, 'invoice');
    const record = { source: OWN, id, deal: ofDeal, invoice: ofInvoice, fields: { ...texts(fields), paid: date } };
    await this.services.get(RelatedCommands).record('payments', record, context);
  }

  private async approve(body: Body<'approve'>, today: string, context: Context): Promise<void> {
    const { participant, period, deal, component, change, for: concerned } = body;
    const approvals = this.services.get(ApprovalCommands);
    if (change === undefined && deal !== undefined && component !== undefined) {
      const released = await this.recordOf(deal);
      await approvals.release(
        { of: 'deals', ...released, component, participant: participant ?? null },
        context,
        today,
      );
    } else if (change === undefined && deal === undefined && participant !== undefined && period !== undefined)
      await approvals.statement(participant, period, context);
    else {
      const isDeal = change === undefined;
      const reviewing = { participant, period: concerned ?? period, change: change ?? deal, isDeal };
      await this.review('approve', reviewing, context);
    }
  }

  /** Every late change of a participant in a period that the fact of a step's key, or of a record, makes; of a deal else those of its lines. */
  private async review(
    verb: 'approve' | 'dismiss',
    { participant, period, change, isDeal }: Reviewing,
    context: Context,
  ): Promise<void> {
    if (participant === undefined || period === undefined || change === undefined)
      throw new Refused(
        'LATE_CHANGE_UNKNOWN',
        'a late change is named by its participant, its closed period and its deal, or the key or record of its step',
      );
    const { services } = this;
    await services.caughtUp();
    const history = services.get(HISTORY);
    const waiting = history.waiting({}, new Set([participant])).filter((one) => one.for === period);
    const [from = 0n, to = -1n] = this.keys.get(change) ?? [];
    const keyed = waiting.filter(
      ({ cause }) => from < history.fact(cause.event)!.position && history.fact(cause.event)!.position <= to,
    );
    const { source, id } = await this.recordOf(change);
    const named = waiting.filter(
      ({ cause }) =>
        history.about(cause.event) === change || history.fact(cause.event)!.stream === `deal-${source}:${id}`,
    );
    const moved = waiting.filter(({ record }) => isDeal && record?.source === source && record.id === id);
    const meant = [keyed, named, moved].find((found) => found.length > 0) ?? [];
    if (meant.length === 0)
      throw new Refused(
        'LATE_CHANGE_UNKNOWN',
        `no late change of ${participant} in ${period} by ${change} waits for a review`,
      );
    for (const event of new Set(meant.map(({ cause }) => cause.event)))
      await services.get(LateChangeCommands)[verb]({ event, participant, period }, context, { controls: false });
  }

  private async person(body: Body<'person'>, context: Context): Promise<void> {
    const people = this.services.get(ParticipantCommands);
    const { id, name, from, ...rest } = texts(body);
    const known = ['to', 'role', 'manager', 'team', 'region', 'currency'];
    const [own, fields] = [true, false].map((isKnown) =>
      Object.fromEntries(
        Object.entries(rest).flatMap(([key, value]) =>
          known.includes(key) === isKnown ? [[key, value === '' ? null : value]] : [],
        ),
      ),
    );
    await people.change(id ?? '', { from: from ?? '', ...own, fields: fields ?? {} }, context);
    if (name !== undefined) await people.name(id ?? '', name, context);
  }

  private async deal(
    entry: Extract<ScenarioStep, { kind: 'deal' | 'won' | 'lost' | 'changed' | 'reopened' }>,
    today: string,
    context: Context,
  ): Promise<void> {
    const deals = this.services.get(DealCommands);
    const { id, source, closed, ...fields } = entry.body;
    if (source !== undefined) this.sources.add(source);
    const deal = source === undefined ? await this.recordOf(id) : { source, id };
    const dated = { ...fields, ...(closed !== undefined && { closed }) };
    switch (entry.kind) {
      case 'deal':
        return void (await deals.open(deal, dated, context));
      case 'won':
        return void (await deals.win(deal, { closed: closed ?? today, fields }, context));
      case 'lost':
        return void (await deals.lose(deal, { closed: closed ?? today, fields }, context));
      case 'changed':
        return void (await deals.change(deal, dated, context));
      case 'reopened':
        return void (await deals.reopen(deal, context));
    }
  }

  /** A source of the company, or the file of one beside the scenario; the rows are further ones, so that nothing is retracted. */
  private async import(
    { source, file }: { source: string; file?: string | undefined },
    context: Context,
  ): Promise<void> {
    const files = file === undefined ? [] : [await this.beside(file)];
    let request: Pick<ImportRequest, 'source' | 'as'> = { source };
    if (/\.ya?ml$/.test(source)) {
      const [node] = parseDocuments(await readFile(await this.beside(source)), source).documents;
      const mapping = node && validateSource(node).value;
      if (!node || !mapping) throw new Refused('SOURCE_UNKNOWN', `${source} is not a source`);
      await this.services.get(SourceCommands).map(node.value as Record<string, unknown>, context);
      request = { source: mapping.source, as: mapping.as as As };
      if (file === undefined) for (const name of mapping.files) files.push(await this.beside(name));
    }
    await this.services.caughtUp();
    this.sources.add(request.source);
    await this.services.get(Imports).run({ ...request, files }, context);
  }

  private async beside(name: string): Promise<string> {
    const { company } = this.node.value as { company?: unknown };
    const path = await fileBeside(this.node.file, name, typeof company === 'string' ? company : undefined).catch(
      (error: unknown) => {
        throw error instanceof LeadsOut ? new Refused('FILE_OUTSIDE', error.message) : error;
      },
    );
    if (!(await isFile(path))) throw new Refused('FILE_UNKNOWN', `there is no file ${name} beside the scenario`);
    return path;
  }

  private asWritten(path: readonly (string | number)[]): unknown {
    return path.reduce((part: unknown, key) => (part as Record<string | number, unknown>)[key], this.node.value);
  }

  /** `erp:D1` is of that source; a bare id is the scenario's own, or of the only source that has it. */
  private async recordOf(written: string, category = 'deal'): Promise<{ source: string; id: string }> {
    const colon = written.indexOf(':');
    if (colon > 0 && this.sources.has(written.slice(0, colon)))
      return { source: written.slice(0, colon), id: written.slice(colon + 1) };
    const streams = await this.services
      .get(EVENT_STORE)
      .readStreams([...this.sources].map((source) => `${category}-${source}:${written}`));
    const having = [...this.sources].filter((source) => streams.has(`${category}-${source}:${written}`));
    return { source: having.includes(OWN) || having.length !== 1 ? OWN : having[0]!, id: written };
  }
}

/** A payment without an id is identified by its record and date; two of one day are distinguished by their amounts. */
function nameOfPayment({ deal, invoice, date, amount }: Body<'paid'>): string {
  return `${deal ?? invoice} ${date} ${amount}`;
}

function texts(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
