import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getAnchor } from '@attain/client';
import { type Anchor, writeAnchor } from '@attain/incentives';
import { Command } from 'commander';
import { described, type Given } from './answering.js';
import { aimed, withApi } from './api.js';
import { type Terminal } from './terminal.js';

export function anchorCommand(terminal: Terminal): Command {
  return aimed(
    described(
      'anchor',
      'record the end of the log, to compare the log with it later',
      'Writes an anchor: position, seal and number of events of the log. Keep it where a person who can change the database cannot change it. ' +
        '`attain verify --anchor FILE` then finds a log that was cut or written again. Each close writes an anchor beside the data ' +
        '(DATA/anchors) and into the directory of the setting ANCHORS.',
      ['attain anchor --data .attain/demo --out anchor.json'],
    ),
  )
    .option('--out <file>', 'the file; otherwise a file in DIR/anchors of --data, or stdout')
    .option('--json', 'print the anchor as JSON')
    .action(async ({ out, json, ...target }: Given & { out?: string }) => {
      const anchor = await withApi(target, 'auditor', (api): Promise<Anchor> => api.ask(getAnchor));
      if (out !== undefined) await writeFile(out, `${JSON.stringify(anchor, null, 2)}\n`, { mode: 0o600 });
      else if (target.data !== undefined) out = await writeAnchor(join(resolve(target.data), 'anchors'), anchor);
      terminal.out(
        out === undefined || json
          ? `${JSON.stringify(anchor, null, 2)}\n`
          : `${anchor.events} events up to position ${anchor.position} anchored in ${out}\n`,
      );
    });
}
