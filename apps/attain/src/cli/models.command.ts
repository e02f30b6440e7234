import { listModels, type ModelRow, rebuildModels } from '@attain/client';
import { EVENT_STORE, forgetStrayRelay, READ_MODELS, serviceNames } from '@attain/service';
import { Command, Option } from 'commander';
import { answering, described } from './answering.js';
import { columns, exitCodes, Stop, table, type Terminal } from './terminal.js';

const PATIENCE = 3_600_000;

const ofService = (): Option =>
  new Option('--service <name>', 'of this service, where each service is a process of its own').choices(serviceNames);

export function modelsCommand(terminal: Terminal): Command {
  return described('models', 'show the read models, and build them again')
    .addCommand(list(terminal), { isDefault: true })
    .addCommand(rebuild(terminal));
}

function list(terminal: Terminal): Command {
  const command = described('list', 'show how far each read model is, and whether it follows from the log').addOption(
    ofService(),
  );
  return answering<[], { service?: string }, { rows: ModelRow[] }>(terminal, command, {
    as: 'auditor',
    keeping: true,
    async ask(api, _, { data, service }) {
      // A model that merely has to catch up does so in a moment, and is no news.
      if (data !== undefined) await api.served?.caughtUp(PATIENCE).catch(() => undefined);
      const { rows } = await api.ask(listModels, {}, { service });
      return { rows };
    },
    text: ({ rows }) => shown(rows),
    ends: ({ rows }) =>
      rows.some(({ state }) => state === 'foreign' || state === 'stopped')
        ? new Stop(exitCodes.no, 'build them again: attain models rebuild', { code: 'MODELS_FOREIGN' })
        : undefined,
  });
}

function rebuild(terminal: Terminal): Command {
  const command = described(
    'rebuild',
    'build read models again from the log',
    'Builds read models and the positions of policies again from the log, which is only read: the models that you name, or those that do ' +
      'not follow from the log or have stopped. Users and sessions stay. With --engines the services must be stopped; they build the models at their next start.',
    ['attain models rebuild --data .attain/demo', 'attain models rebuild issued-statements@3'],
  )
    .argument('[groups...]', 'as `attain models list` names them, such as deals@2')
    .addOption(ofService());
  return answering<[string[]], { service?: string }, { rebuilt: string[] }>(terminal, command, {
    as: 'auditor',
    keeping: true,
    async ask(api, [groups], { data, engines, service }) {
      const { rebuilding } = await api.ask(rebuildModels, { body: groups.length > 0 ? { groups } : {} }, { service });
      if (data !== undefined) await api.served?.caughtUp(PATIENCE);
      const relay =
        engines && api.served
          ? await forgetStrayRelay(api.served.get(READ_MODELS), api.served.get(EVENT_STORE))
          : false;
      return { rebuilt: [...rebuilding, ...(relay ? ['relay@1'] : [])] };
    },
    text: ({ rebuilt }, _, { data }) =>
      rebuilt.length === 0
        ? 'every read model follows from the log: nothing to build\n'
        : `${data === undefined ? 'rebuilding' : 'rebuilt'} ${rebuilt.join(', ')}\n`,
  });
}

function shown(rows: readonly ModelRow[]): string {
  const lines = table(
    columns(['model', 'position', 'behind', 'state'], ['position', 'behind']),
    rows.map(({ group, position, behind, state }) => [group, position, behind, state]),
  );
  return lines + rows.flatMap(({ reason }) => (reason === undefined ? [] : [`  ${reason}\n`])).join('');
}
