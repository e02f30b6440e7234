import {
  approveLateChange,
  dismissLateChange,
  type LateChange,
  type LateChanges,
  listLateChanges,
} from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import { columns, grouped, table, type Terminal } from './terminal.js';

interface Narrowed {
  participant?: string;
  period?: string;
}

export function lateChangesCommand(terminal: Terminal): Command {
  return described(
    'late-changes',
    'review late changes of closed periods',
    'Lists changes that came too late for their plan to pay them by itself, and approves or dismisses them. A dismissed change is never paid.',
  )
    .addCommand(list(terminal))
    .addCommand(decide(terminal, 'approve', 'pay a late change in the next statement'))
    .addCommand(decide(terminal, 'dismiss', 'never pay a late change'));
}

function list(terminal: Terminal): Command {
  const command = described('list', 'list the changes that wait for a review', undefined, [
    'attain late-changes list --period 2017-03',
  ])
    .option('--participant <participant>', 'of one participant only')
    .option('--period <period>', 'of one closed period only');
  return answering<[], Narrowed, LateChanges>(terminal, command, {
    ask: (api, _, { participant, period }) => api.ask(listLateChanges, { query: { participant, period } }),
    text: asText,
  });
}

function decide(terminal: Terminal, verb: 'approve' | 'dismiss', summary: string): Command {
  const operation = verb === 'approve' ? approveLateChange : dismissLateChange;
  const command = described(verb, summary)
    .argument('<participant>', 'the id of the participant')
    .argument('<period>', 'the closed period that changed')
    .argument('<event>', 'the event of the late fact, as the list shows it')
    .requiredOption('--reason <text>', 'the reason; it stays with the event');
  return answering<[string, string, string], { reason: string }>(terminal, command, {
    async effect(api, [participant, period, event]) {
      const { waiting } = await api.ask(listLateChanges, { query: { participant, period } });
      const meant = waiting.filter(({ cause }) => cause.event === event).map(amountOf);
      const paid = verb === 'approve' ? 'is paid in the next statement' : 'is never paid';
      return meant.length === 0
        ? `No late change of ${participant} in ${period} waits for a review because of the event ${event}.`
        : meant.map((amount) => `${participant}: ${amount} ${paid}.`).join('\n');
    },
    ask: (api, [participant, period, event], { reason }) =>
      api.ask(operation, { path: { period, participant, event }, body: { reason } }),
    text: (_, [participant, period]) =>
      `the change of ${period} of ${participant} is ${verb === 'approve' ? 'approved' : 'dismissed'}\n`,
  });
}

function amountOf({ payable, payableCurrency, component, record }: LateChange): string {
  return `${grouped(payable)} ${payableCurrency} of ${component}${record ? ` for ${record.source}:${record.id}` : ''}`;
}

function asText({ waiting, decided }: LateChanges): string {
  const titles = ['participant', 'for', 'component', 'record', 'cause', 'known', 'payable', 'currency', 'event'];
  const rows = waiting.map((change) => [
    change.participant,
    change.for,
    change.component,
    change.record ? `${change.record.source}:${change.record.id}` : '',
    change.cause.kind,
    change.known,
    grouped(change.payable),
    change.payableCurrency,
    change.cause.event,
  ]);
  const lines = decided.map(
    ({ participant, period, event, state, by, decided: when, reason }) =>
      `${state}: ${participant}, ${period}, ${event}, by ${by} on ${when}${reason === null ? '' : ` (${reason})`}\n`,
  );
  return [
    rows.length === 0 ? 'no late change waits for a review\n' : table(columns(titles, ['payable']), rows),
    ...lines,
  ].join('');
}
