import type { ClockState } from '@attain/service';
import { Command } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';

type Options = Target & { json?: boolean };

export function clockCommand(terminal: Terminal): Command {
  const show = aimed(new Command('show'))
    .summary('what the clock says, what the log says, and whether anything is recorded')
    .option('--json', 'the state as JSON')
    .action(async ({ json, ...target }: Options) => {
      const state = await withApi(target, 'auditor', (api) => api.get<ClockState>('/clock'), { keeping: true });
      terminal.out(json ? `${JSON.stringify(state, null, 2)}\n` : told(state));
      if (state.distrusted !== null) throw new Stop(exitCodes.no, '');
    });
  const accept = aimed(new Command('accept'))
    .summary('say that the clock is right, after it was ahead or behind')
    .description(
      'Records that the clock of this machine is right now, with the reason, as an event of its own. What was recorded under a clock that ' +
        'was ahead counts as known by then, and instants go on from there. Needs an admin on a server.',
    )
    .requiredOption('--reason <text>', 'how it was found that the clock is right')
    .option('--json', 'the outcome as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  attain clock accept --reason "the clock was set by hand; compared with time.gov" --data .attain/demo',
    )
    .action(async ({ reason, json, ...target }: Options & { reason: string }) => {
      const [outcome, state] = await withApi(
        target,
        'auditor',
        async (api) =>
          [
            await api.send<{ position: string }>('/clock/accept', { reason }),
            await api.get<ClockState>('/clock'),
          ] as const,
        { keeping: true },
      );
      terminal.out(
        json
          ? `${JSON.stringify({ ...outcome, ...state }, null, 2)}\n`
          : `accepted at position ${outcome.position}\n${told(state)}`,
      );
    });
  return new Command('clock')
    .summary('the clock, and accepting it after it was wrong')
    .addCommand(show, { isDefault: true })
    .addCommand(accept);
}

function told({ now, second, recorded, distrusted }: ClockState): string {
  const lines = [
    `clock        ${now}`,
    `second clock ${second ?? 'none'}`,
    `log          ${recorded ?? 'empty'}`,
    distrusted ?? 'the clock is trusted',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
