import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_STORE, forgetStrayRelay, type ModelRow, READ_MODELS, serviceNames } from '@attain/service';
import { Command, Option } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { exitCodes, Stop, table, type Terminal } from './terminal.js';

type Options = Target & { json?: boolean; service?: string };

const PATIENCE = 3_600_000;

const ofService = (): Option =>
  new Option('--service <name>', 'of this service, where the services are processes of their own').choices(
    serviceNames,
  );
const pathOf = (service: string | undefined): string => (service === undefined ? '/models' : `/models/${service}`);

export function modelsCommand(terminal: Terminal): Command {
  const list = aimed(new Command('list'))
    .summary('how far each read model is, and whether it follows from the log')
    .addOption(ofService())
    .option('--json', 'the rows as JSON')
    .action(async ({ json, service, ...target }: Options) => {
      const rows = await withApi(
        checked(target),
        'auditor',
        async (api) => {
          // What merely has to catch up does so in a moment, and is no news.
          if (target.data !== undefined) await api.served?.caughtUp(PATIENCE).catch(() => undefined);
          return (await api.get<{ rows: ModelRow[] }>(pathOf(service))).rows;
        },
        { keeping: true },
      );
      terminal.out(json ? `${JSON.stringify({ rows }, null, 2)}\n` : shown(rows));
      if (rows.some(({ state }) => state === 'foreign' || state === 'stopped'))
        throw new Stop(exitCodes.no, json ? '' : 'build them anew: attain models rebuild');
    });
  const rebuild = aimed(new Command('rebuild'))
    .summary('build read models anew from the log')
    .description(
      'Builds read models and the positions of policies anew from the log, which is only read: those named, or those that do not ' +
        'follow from the log or have stopped. Users and sessions stay. With --engines the services must be stopped; they build at their next start.',
    )
    .argument('[groups...]', 'as `attain models list` names them, such as deals@2')
    .addOption(ofService())
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  attain models rebuild --data .attain/demo\n  attain models rebuild issued-statements@3 --server http://127.0.0.1:3000 --token ADMIN',
    )
    .action(async (groups: string[], { json, service, ...target }: Options) => {
      const rebuilt = await withApi(
        checked(target),
        'auditor',
        async (api) => {
          const { rebuilding } = await api.send<{ rebuilding: string[] }>(
            `${pathOf(service)}/rebuild`,
            groups.length > 0 ? { groups } : {},
          );
          if (target.data !== undefined) await api.served?.caughtUp(PATIENCE);
          const relay =
            target.engines && api.served
              ? await forgetStrayRelay(api.served.get(READ_MODELS), api.served.get(EVENT_STORE))
              : false;
          return [...rebuilding, ...(relay ? ['relay@1'] : [])];
        },
        { keeping: true },
      );
      if (json) terminal.out(`${JSON.stringify({ rebuilt }, null, 2)}\n`);
      else
        terminal.out(
          rebuilt.length === 0
            ? 'every read model follows from the log: nothing to rebuild\n'
            : `${target.data === undefined ? 'rebuilding' : 'rebuilt'} ${rebuilt.join(', ')}\n`,
        );
    });
  return new Command('models')
    .summary('read models: how far they are, and building them anew')
    .addCommand(list, { isDefault: true })
    .addCommand(rebuild);
}

function checked(target: Target): Target {
  if (target.data !== undefined && !existsSync(join(target.data, 'events.db')))
    throw new Stop(exitCodes.no, `${target.data} holds no event log`);
  return target;
}

function shown(rows: readonly ModelRow[]): string {
  const lines = table(
    [
      { title: 'model' },
      { title: 'position', align: 'right' },
      { title: 'behind', align: 'right' },
      { title: 'state' },
    ],
    rows.map(({ group, position, behind, state }) => [group, position, behind, state]),
  );
  return lines + rows.flatMap(({ reason }) => (reason === undefined ? [] : [`  ${reason}\n`])).join('');
}
