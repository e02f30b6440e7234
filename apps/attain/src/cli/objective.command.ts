import { assignObjective, listObjectives, type ListObjectivesResponse, withdrawObjective } from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import { columns, table, type Terminal } from './terminal.js';

type Place = [owner: string, component: string, period: string, name: string];
interface Narrowed {
  for?: string;
  component?: string;
  period?: string;
}

export function objectiveCommand(terminal: Terminal): Command {
  return described(
    'objective',
    'assign objectives to people',
    'Assigns objectives to a component with `objectives: assigned`. Nobody changes their own objectives, or those of their own team or region.',
  )
    .addCommand(assign(terminal))
    .addCommand(withdraw(terminal))
    .addCommand(list(terminal));
}

function assign(terminal: Terminal): Command {
  const command = placed('assign', 'assign an objective, or change its weight', [
    'attain objective assign anna-snelling Goals 2017-Q4 "Onboard two partners" 50% --yes',
  ]).argument('<weight>', 'its share of the target, such as 50%');
  return answering<[...Place, string], { reason?: string }>(terminal, command, {
    async effect(api, [owner, component, period, name, weight]) {
      const { rows } = await api.ask(listObjectives, { query: { for: owner, component, period } });
      const before = rows.find((row) => row.name === name)?.weight ?? 'none';
      return `The weight of ${name} in ${component} for ${owner} in ${period} changes from ${before} to ${weight}, and pay with it.`;
    },
    ask: (api, [owner, component, period, name, weight], { reason }) =>
      api.ask(assignObjective, { body: { for: owner, component, period, name, weight, reason } }),
    text: (_, [owner, component, period, name, weight]) =>
      `${name} counts ${weight} of ${component} for ${owner} in ${period}\n`,
  });
}

function withdraw(terminal: Terminal): Command {
  return answering<Place, { reason?: string }>(terminal, placed('withdraw', 'withdraw an objective'), {
    effect: (_, [owner, component, period, name]) => `${component} no longer pays ${owner} for ${name} in ${period}.`,
    ask: (api, [owner, component, period, name], { reason }) =>
      api.ask(withdrawObjective, { body: { for: owner, component, period, name, reason } }),
    text: (_, [owner, , period, name]) => `${name} is withdrawn from ${owner} in ${period}\n`,
  });
}

function list(terminal: Terminal): Command {
  const command = described('list', 'list objectives that are assigned', undefined, ['attain objective list'])
    .option('--for <name>', 'of one participant, team or region only')
    .option('--component <name>', 'of one component only')
    .option('--period <period>', 'of one period only');
  return answering<[], Narrowed, ListObjectivesResponse>(terminal, command, {
    ask: (api, _, { for: owner, component, period }) =>
      api.ask(listObjectives, { query: { for: owner, component, period } }),
    text: ({ rows }) =>
      table(
        columns(['for', 'component', 'period', 'name', 'weight'], ['weight']),
        rows.map((row) => [row.for, row.component, row.period, row.name, row.weight]),
      ),
  });
}

function placed(name: string, summary: string, examples: string[] = []): Command {
  return described(name, summary, undefined, examples)
    .argument('<for>', 'a participant, a team, a region or company')
    .argument('<component>', 'the component that pays for the objective')
    .argument('<period>', 'the window of the component, such as 2017-Q4')
    .argument('<name>', 'the name of the objective')
    .option('--reason <text>', 'the reason; it stays with the event');
}
