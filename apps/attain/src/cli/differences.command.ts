import { type Difference, getDifference } from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import { columns, grouped, table, type Terminal } from './terminal.js';

export function differencesCommand(terminal: Terminal): Command {
  const command = described(
    'differences',
    'show the causes of a change of pay between two instants',
    'Shows by how much the pay of a participant for a period changed between two instants, and each cause: the fact, its amount, and who ' +
      'recorded it when. The causes sum to the difference.',
    ['attain differences darcel-schlecht 2017-06 --from 2017-07-01 --to 2027-01-01'],
  )
    .argument('<participant>', 'the id of the participant')
    .argument('<period>', 'such as 2017-06 or 2017-Q2')
    .requiredOption('--from <moment>', 'the earlier cut: a date (its end counts) or an instant')
    .requiredOption('--to <moment>', 'the later cut: a date (its end counts) or an instant');
  return answering<[string, string], { from: string; to: string }, Difference>(terminal, command, {
    ask: (api, [participant, period], { from, to }) =>
      api.ask(getDifference, { path: { participant, period }, query: { from, to } }),
    text: asText,
  });
}

function asText({ participant, period, total, currency, causes }: Difference): string {
  const head = `${participant}, ${period}: ${grouped(total)} ${currency}\n`;
  if (causes.length === 0) return head;
  return (
    head +
    table(
      columns(['cause', 'amount', 'recorded', 'by', 'reason', 'event'], ['amount']),
      causes.map(({ kind, amount, recorded, fact }) => [
        kind,
        grouped(amount),
        recorded,
        fact?.actor ?? '',
        fact?.reason ?? '',
        fact?.event ?? '',
      ]),
    )
  );
}
