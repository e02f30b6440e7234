import { listScores, type ListScoresResponse, recordScore, retractScore } from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import { columns, table, type Terminal } from './terminal.js';

type Place = [participant: string, period: string, objective: string];

export function scoreCommand(terminal: Terminal): Command {
  return described(
    'score',
    'score objectives',
    'Records how far people reached their objectives. Nobody scores their own objective.',
  )
    .addCommand(record(terminal))
    .addCommand(retract(terminal))
    .addCommand(list(terminal));
}

function record(terminal: Terminal): Command {
  const command = placed('record', 'score an objective, or score it again', [
    'attain score record anna-snelling 2017-Q4 "Onboard two partners" 85% --yes',
  ]).argument('<score>', 'how far it is reached, such as 85%');
  return answering<[...Place, string], { reason?: string }>(terminal, command, {
    async effect(api, [participant, period, objective, score]) {
      const { rows } = await api.ask(listScores, { query: { participant, period } });
      const before = rows.find((row) => row.objective === objective)?.score ?? 'none';
      return `The score of ${objective} of ${participant} in ${period} changes from ${before} to ${score}, and pay with it.`;
    },
    ask: (api, [participant, period, objective, score], { reason }) =>
      api.ask(recordScore, { body: { participant, period, objective, score, reason } }),
    text: (_, [participant, period, objective, score]) =>
      `${participant} reached ${score} of ${objective} in ${period}\n`,
  });
}

function retract(terminal: Terminal): Command {
  return answering<Place, { reason?: string }>(terminal, placed('retract', 'retract a score'), {
    effect: (_, [participant, period, objective]) => `${participant} is no longer paid for ${objective} in ${period}.`,
    ask: (api, [participant, period, objective], { reason }) =>
      api.ask(retractScore, { body: { participant, period, objective, reason } }),
    text: (_, [participant, period, objective]) => `${participant} has no score of ${objective} in ${period}\n`,
  });
}

function list(terminal: Terminal): Command {
  const command = described('list', 'list scores', undefined, ['attain score list'])
    .option('--participant <id>', 'of one participant only')
    .option('--period <period>', 'of one period only');
  return answering<[], { participant?: string; period?: string }, ListScoresResponse>(terminal, command, {
    ask: (api, _, { participant, period }) => api.ask(listScores, { query: { participant, period } }),
    text: ({ rows }) =>
      table(
        columns(['participant', 'period', 'objective', 'score'], ['score']),
        rows.map((row) => [row.participant, row.period, row.objective, row.score]),
      ),
  });
}

function placed(name: string, summary: string, examples: string[] = []): Command {
  return described(name, summary, undefined, examples)
    .argument('<participant>', 'the id of the participant')
    .argument('<period>', 'the period of the objective, such as 2017-Q4')
    .argument('<objective>', 'the name of the objective')
    .option('--reason <text>', 'the reason; it stays with the event');
}
