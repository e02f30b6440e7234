import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Urls } from '@attain/adapters';
import { writeCompany } from './company.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const PROCESSES = ['planning', 'pipeline', 'incentives', 'forecasting', 'reporting', 'relay'];

export interface ImportedApart {
  /** Milliseconds until the import was acknowledged, and from then on until every process had all of it. */
  imported: number;
  settled: number;
  /** The groups that were still behind at the end of the time. */
  late: string[];
}

/** A company of generated deals imported through engines that five processes and a relay follow. */
export async function importApart(
  directory: string,
  urls: Required<Urls>,
  deals: number,
  patience: number,
): Promise<ImportedApart> {
  const [folder, place] = [join(directory, 'company'), join(directory, 'processes')];
  await writeCompany(folder, deals, 100);
  const services = join(root, 'deploy/local/services');
  const engines = { EVENTS_URL: urls.events, BUS_URL: urls.bus, MODELS_URL: urls.models };
  const { stdout } = await run(services, ['start', place], { env: { ...process.env, ...engines, LOG_LEVEL: 'warn' } });
  try {
    const environment = Object.fromEntries(
      [...stdout.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [name!, value!]),
    );
    const start = performance.now();
    await run(process.execPath, [join(root, 'apps/attain/dist/cli/main.js'), 'import', folder, '--engines', '--json'], {
      env: { ...process.env, ...environment },
      maxBuffer: 1 << 26,
    });
    const imported = performance.now() - start;
    let late = await behind(place);
    while (late.length > 0 && performance.now() - start < patience) {
      await new Promise((resume) => setTimeout(resume, 200));
      late = await behind(place);
    }
    return { imported, settled: performance.now() - start - imported, late };
  } finally {
    await run(services, ['stop', place]);
  }
}

async function behind(place: string): Promise<string[]> {
  const late: string[] = [];
  for (const name of PROCESSES) {
    const port = readFileSync(join(place, `${name}.port`), 'utf8').trim();
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    const { behind: own, groups = [] } = ((await answer?.json().catch(() => undefined)) ?? { behind: 'unknown' }) as {
      behind?: string;
      groups?: { group: string; behind: string }[];
    };
    if (own !== undefined && own !== '0') late.push(`${name} ${own}`);
    for (const { group, behind: by } of groups) if (by !== '0') late.push(`${group} ${by}`);
  }
  return late;
}
