import { approveAdjustment, listAdjustments, proposeAdjustment, rejectAdjustment } from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import { columns, exitCodes, grouped, Stop, table, type Terminal } from './terminal.js';

interface Proposed {
  reason: string;
  plan?: string;
  deal?: string;
  for?: string;
  id?: string;
}

export function adjustCommand(terminal: Terminal): Command {
  return described(
    'adjust',
    'adjust pay by hand',
    'Proposes an adjustment of an open period. Nobody approves their own proposal, or an adjustment of their own pay.',
  )
    .addCommand(list(terminal))
    .addCommand(propose(terminal))
    .addCommand(decide(terminal, 'approve', approveAdjustment, 'approved'))
    .addCommand(decide(terminal, 'reject', rejectAdjustment, 'rejected'));
}

function list(terminal: Terminal): Command {
  return answering(terminal, described('list', 'list adjustments', undefined, ['attain adjust list']), {
    ask: (api) => api.ask(listAdjustments),
    text: ({ rows }) =>
      table(
        columns(['adjustment', 'participant', 'period', 'plan', 'amount', 'state', 'reason'], ['amount']),
        rows.map((row) => [
          row.adjustment,
          row.participant,
          row.period,
          row.plan ?? '',
          grouped(row.amount),
          row.state,
          row.reason,
        ]),
      ),
  });
}

function propose(terminal: Terminal): Command {
  const command = described('propose', 'propose an adjustment of an open period', undefined, [
    'attain adjust propose anna-snelling 2017-11 250 --reason "bonus promised in March" --for 2017-03 --yes',
  ])
    .argument('<participant>', 'the id of the participant')
    .argument('<period>', 'an open pay period, such as 2017-11')
    .argument('<amount>', 'the amount in the currency of the plan; put -- before an amount below 0')
    .requiredOption('--reason <text>', 'the reason; it stays with the event')
    .option('--plan <plan>', 'the plan; otherwise the first plan that pays the participant in the period')
    .option('--deal <source:id>', 'the deal that is adjusted')
    .option('--for <period>', 'the closed period that is adjusted')
    .option('--id <id>', 'an id of your own for the adjustment');
  return answering<[string, string, string], Proposed, { adjustment: string }>(terminal, command, {
    effect: (_, [participant, period, amount]) =>
      `${participant} is paid ${grouped(amount)} more in ${period} when somebody else approves the adjustment.`,
    async ask(api, [participant, period, amount], { reason, plan, deal, for: concerns, id }) {
      const [source, ...rest] = (deal ?? '').split(':');
      const adjustment = id ?? crypto.randomUUID();
      const about = deal === undefined ? {} : { source, deal: rest.join(':') };
      const answer = await api.ask(proposeAdjustment, {
        body: { adjustment, participant, period, amount, plan, reason, for: concerns, ...about },
      });
      return answer;
    },
    text: ({ adjustment }) =>
      `${adjustment} is proposed. Somebody else approves it: attain adjust approve ${adjustment} --reason TEXT\n`,
  });
}

function decide(
  terminal: Terminal,
  verb: 'approve' | 'reject',
  operation: typeof approveAdjustment | typeof rejectAdjustment,
  done: string,
): Command {
  const command = described(verb, `${verb} a proposed adjustment`)
    .argument('<adjustment>', 'its id, as `attain adjust list` shows it')
    .requiredOption('--reason <text>', 'the reason; it stays with the event');
  return answering<[string], { reason: string }>(terminal, command, {
    ...(verb === 'approve' && {
      async effect(api, [adjustment]) {
        const found = (await api.ask(listAdjustments)).rows.find((row) => row.adjustment === adjustment);
        if (!found)
          throw new Stop(exitCodes.no, `adjustment ${JSON.stringify(adjustment)} does not exist`, {
            code: 'NOT_FOUND',
          });
        return `${found.participant} is paid ${grouped(found.amount)} more in ${found.period}, because ${found.reason}.`;
      },
    }),
    ask: (api, [adjustment], { reason }) => api.ask(operation, { path: { adjustment }, body: { reason } }),
    text: (_, [adjustment]) => `${adjustment} is ${done}\n`,
  });
}
