import type { Score } from '@attain/planning';
import { Command } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { table, type Terminal } from './terminal.js';

type Asked = Target & { reason?: string; participant?: string; period?: string; json?: boolean };
const right = { align: 'right' as const };

export function scoreCommand(terminal: Terminal): Command {
  const tell = (answer: unknown, json: boolean | undefined, text: string) =>
    terminal.out(json ? `${JSON.stringify(answer, null, 2)}\n` : `${text}\n`);
  const retracting = (verb: string) =>
    aimed(new Command(verb))
      .argument('<participant>')
      .argument('<period>', 'the period of the objective, such as 2017-Q4')
      .argument('<objective>', 'its name')
      .option('--reason <text>', 'why')
      .option('--json', 'the answer as JSON');
  const record = retracting('record')
    .summary('score an objective, or score it anew')
    .argument('<score>', 'how far it is reached, such as 85%')
    .addHelpText('after', '\nExample:\n  attain score record anna-snelling 2017-Q4 "Onboard two partners" 85%')
    .action(
      (participant: string, period: string, objective: string, score: string, { reason, json, ...target }: Asked) =>
        withApi(target, 'finance', async (api) =>
          tell(
            await api.send('/scores/record', { participant, period, objective, score, reason }),
            json,
            `${participant} reached ${score} of ${objective} in ${period}`,
          ),
        ),
    );
  const retract = retracting('retract')
    .summary('retract a score')
    .action((participant: string, period: string, objective: string, { reason, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) =>
        tell(
          await api.send('/scores/retract', { participant, period, objective, reason }),
          json,
          `${participant} has no score of ${objective} in ${period}`,
        ),
      ),
    );
  const list = aimed(new Command('list'))
    .summary('list scores')
    .option('--participant <id>', 'one participant only')
    .option('--period <period>', 'one period only')
    .option('--json', 'the rows as JSON')
    .action(({ participant, period, json, ...target }: Asked) =>
      withApi(target, 'finance', async (api) => {
        const answer = await api.get<{ rows: Score[] }>('/scores', { participant, period });
        const shown = table(
          [{ title: 'participant' }, { title: 'period' }, { title: 'objective' }, { title: 'score', ...right }],
          answer.rows.map((row) => [row.participant, row.period, row.objective, row.score]),
        );
        terminal.out(json ? `${JSON.stringify(answer, null, 2)}\n` : shown);
      }),
    );
  return new Command('score')
    .summary('score objectives')
    .description('Records how far people reached their objectives. Nobody scores an own objective.')
    .addCommand(record)
    .addCommand(retract)
    .addCommand(list);
}
