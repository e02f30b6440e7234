import { acceptClock, type Clock, getClock } from '@attain/client';
import { Command } from 'commander';
import { answering, described } from './answering.js';
import { exitCodes, Stop, type Terminal } from './terminal.js';

export function clockCommand(terminal: Terminal): Command {
  return described('clock', 'show the clock, or confirm it after it was wrong')
    .addCommand(show(terminal), { isDefault: true })
    .addCommand(accept(terminal));
}

function show(terminal: Terminal): Command {
  const summary = 'show the clock, the last instant of the log, and whether commands are accepted';
  return answering<[], object, Clock>(terminal, described('show', summary, undefined, ['attain clock show']), {
    as: 'auditor',
    keeping: true,
    ask: (api) => api.ask(getClock),
    text: asText,
    ends: ({ distrusted }) =>
      distrusted === null ? undefined : new Stop(exitCodes.no, '', { code: 'CLOCK_UNTRUSTED', detail: distrusted }),
  });
}

function accept(terminal: Terminal): Command {
  const command = described(
    'accept',
    'confirm the clock after it was ahead or behind',
    'Records that the clock of this machine is right now, with the reason, as an event. Facts that were recorded while the clock was ahead ' +
      'count as known from now on. Needs an admin on a server.',
    ['attain clock accept --reason "set by hand, and compared with time.gov" --data .attain/demo'],
  ).requiredOption('--reason <text>', 'how you found that the clock is right');
  return answering<[], { reason: string }, Clock & { position?: string }>(terminal, command, {
    as: 'auditor',
    keeping: true,
    ask: async (api, _, { reason }) => ({
      ...(await api.ask(acceptClock, { body: { reason } })),
      ...(await api.ask(getClock)),
    }),
    text: (state) => `accepted at position ${state.position}\n${asText(state)}`,
  });
}

function asText({ now, second, recorded, distrusted }: Clock): string {
  const lines = [
    `clock        ${now}`,
    `second clock ${second ?? 'none'}`,
    `log          ${recorded ?? 'empty'}`,
    distrusted ?? 'the clock is trusted',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
