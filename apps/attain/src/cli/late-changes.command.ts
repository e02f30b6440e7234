import type { LateChanges } from '@attain/incentives';
import { Command } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { grouped, table, type Terminal } from './terminal.js';

interface Asked extends Target {
  reason: string;
  participant?: string;
  period?: string;
  json?: boolean;
}

export function lateChangesCommand(terminal: Terminal): Command {
  const decide = (verb: 'approve' | 'dismiss', summary: string, done: string) =>
    aimed(new Command(verb))
      .summary(summary)
      .argument('<participant>')
      .argument('<period>', 'the closed period that the change concerns')
      .argument('<event>', 'the event of the late fact, as the list shows it')
      .requiredOption('--reason <text>', 'why')
      .option('--json', 'the answer as JSON')
      .action((participant: string, period: string, event: string, { reason, json, ...target }: Asked) =>
        withApi(target, 'finance', async (api) => {
          const answer = await api.send(
            `/late-changes/${[period, participant, event].map(encodeURIComponent).join('/')}/${verb}`,
            { reason },
          );
          terminal.out(
            json ? `${JSON.stringify(answer, null, 2)}\n` : `the change of ${period} of ${participant} is ${done}\n`,
          );
        }),
      );
  const list = aimed(new Command('list'))
    .summary('list what waits for a review')
    .option('--participant <participant>')
    .option('--period <period>', 'the closed period that the changes concern')
    .option('--json', 'the answer as JSON')
    .action(({ participant, period, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) => {
        const changes = await api.get<LateChanges>('/late-changes', { participant, period });
        terminal.out(json ? `${JSON.stringify(changes, null, 2)}\n` : told(changes));
      }),
    );
  return new Command('late-changes')
    .summary('review late changes of closed periods')
    .description(
      'Lists changes that came later than their plan pays by itself, and approves or dismisses them. What is dismissed is never paid.',
    )
    .addHelpText('after', '\nExample:\n  attain late-changes list --period 2017-03')
    .addCommand(list)
    .addCommand(decide('approve', 'pay a late change in the next statement', 'approved'))
    .addCommand(decide('dismiss', 'never pay a late change', 'dismissed'));
}

function told({ waiting, decided }: LateChanges): string {
  const columns = ['participant', 'for', 'component', 'record', 'cause', 'known', 'payable', 'currency', 'event'].map(
    (title) => ({ title, ...(title === 'payable' && { align: 'right' as const }) }),
  );
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
  return [rows.length === 0 ? 'no late change waits for a review\n' : table(columns, rows), ...lines].join('');
}
