import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Anchor, writeAnchor } from '@attain/incentives';
import { Command } from 'commander';
import { aimed, type Target, withApi } from './api.js';
import { type Terminal } from './terminal.js';

export function anchorCommand(terminal: Terminal): Command {
  return aimed(new Command('anchor'))
    .summary('write down where the log stands, to compare it later')
    .description(
      'Writes an anchor: position, seal and number of events of the log as it stands. Keep it where whoever can change the database cannot ' +
        'change it; `attain verify --anchor FILE` then finds a tail that was cut off and a log that was written anew. One is written ' +
        'after each close beside the data (DATA/anchors) and into the directory of the setting ANCHORS.',
    )
    .option('--out <file>', 'where to write it; otherwise into DIR/anchors of --data, or to stdout')
    .addHelpText('after', '\nExample:\n  attain anchor --data .attain/demo --out /mnt/elsewhere/anchor.json')
    .action(async ({ out, ...target }: Target & { out?: string }) => {
      const anchor = await withApi(target, 'auditor', (api) => api.get<Anchor>('/anchor'));
      if (out !== undefined) await writeFile(out, `${JSON.stringify(anchor, null, 2)}\n`, { mode: 0o600 });
      else if (target.data !== undefined) out = await writeAnchor(join(resolve(target.data), 'anchors'), anchor);
      terminal.out(
        out === undefined
          ? `${JSON.stringify(anchor, null, 2)}\n`
          : `${anchor.events} events up to position ${anchor.position} anchored in ${out}\n`,
      );
    });
}
