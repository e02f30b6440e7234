import { Command } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import type { Terminal } from './terminal.js';

interface Asked extends Target {
  reason: string;
  plan?: string;
  deal?: string;
  for?: string;
  id?: string;
  json?: boolean;
}

export function adjustCommand(terminal: Terminal): Command {
  const tell = (answer: unknown, json: boolean | undefined, text: string) =>
    terminal.out(json ? `${JSON.stringify(answer, null, 2)}\n` : `${text}\n`);
  const decide = (verb: 'approve' | 'reject', done: string) =>
    aimed(new Command(verb))
      .summary(`${verb} a proposed adjustment`)
      .argument('<adjustment>', 'its id')
      .requiredOption('--reason <text>', 'why')
      .option('--json', 'the answer as JSON')
      .action((id: string, { reason, json, ...target }: Asked) =>
        withApi(target, 'finance', async (api) =>
          tell(await api.send(`/adjustments/${encodeURIComponent(id)}/${verb}`, { reason }), json, `${id} is ${done}`),
        ),
      );
  const propose = aimed(new Command('propose'))
    .summary('propose an adjustment of an open period')
    .argument('<participant>')
    .argument('<period>', 'an open pay period, such as 2017-10')
    .argument('<amount>', 'in the currency of the plan; put -- before an amount below 0')
    .requiredOption('--reason <text>', 'why')
    .option('--plan <plan>', 'default the first plan that pays the participant in the period')
    .option('--deal <source:id>', 'the deal that it is about')
    .option('--for <period>', 'the closed period that it concerns')
    .option('--id <id>', 'an id of your own; default a new one')
    .option('--json', 'the answer as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  attain adjust propose anna-snelling 2017-10 250 --reason "bonus promised in March" --for 2017-03',
    )
    .action(
      (
        participant: string,
        period: string,
        amount: string,
        { reason, plan, deal, for: concerns, id, json, ...target }: Asked,
      ) =>
        withApi(target, 'finance', async (api) => {
          const [source, ...rest] = (deal ?? '').split(':');
          const adjustment = id ?? crypto.randomUUID();
          const body = {
            adjustment,
            participant,
            period,
            amount,
            plan,
            reason,
            for: concerns,
            ...(deal !== undefined && { source, deal: rest.join(':') }),
          };
          tell(await api.send('/adjustments', body), json, `${adjustment} is proposed; somebody else approves it`);
        }),
    );
  return new Command('adjust')
    .summary('adjust pay by hand')
    .description(
      'Proposes an adjustment of an open period. Nobody approves an own proposal or an adjustment of own pay.',
    )
    .addCommand(propose)
    .addCommand(decide('approve', 'approved'))
    .addCommand(decide('reject', 'rejected'));
}
