import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asking } from '../journeys/asking.fixture.js';
import { type Booted, bootTogether, demoFolder, root, scratch } from '../journeys/booted.fixture.js';

/** The request of Grafana's Infinity data source, a GET of the URL with its key, and the part of the answer that it uses. */
interface Target {
  url: string;
  type: string;
  parser: string;
  root_selector: string;
  columns: { selector: string; text: string; type: 'string' | 'number' | 'timestamp' }[];
}
interface Dashboard {
  panels: { title: string; datasource: { uid: string }; targets: Target[] }[];
  templating: { list: { name: string; query: { infinityQuery: Target } }[] };
}

const grafana = join(root, 'deploy/observability/grafana');
const { panels, templating } = JSON.parse(readFileSync(join(grafana, 'dashboards/business.json'), 'utf8')) as Dashboard;
const [period] = templating.list;
let place: Awaited<ReturnType<typeof scratch>>;
let demo: Booted;
let key: string;
beforeAll(async () => {
  place = await scratch();
  demo = await bootTogether(demoFolder, place.path);
  const auditor = await demo.as('auditor');
  const { body } = await auditor
    .post('/keys')
    .send({ name: 'Grafana', roles: ['reports'], days: 30 })
    .expect(200);
  ({ secret: key } = body as { secret: string });
});
afterAll(async () => {
  await demo?.close();
  await place?.gone();
});

async function asked({ url, root_selector }: Target): Promise<{ text: string; rows: Record<string, unknown>[] }> {
  const { body, text } = await asking(demo.url, key)
    .get(url.replace(/^\/v1/, '').replaceAll('${period}', '2017-Q4'))
    .expect(200);
  const rows = root_selector.split('.').reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], body);
  return { text, rows: rows as Record<string, unknown>[] };
}

describe('The business dashboard of Grafana', () => {
  it.each(panels.map((panel) => [panel.title, panel] as const))(
    'finds rows for the panel %s, each column in them, and no pay',
    async (_, panel) => {
      for (const target of panel.targets) {
        const { rows, text } = await asked(target);
        expect(rows.length).toBeGreaterThan(0);
        for (const { selector, type } of target.columns) {
          const values = rows.map((row) => row[selector]).filter((value) => value !== null);
          expect(values.filter((value) => value === undefined)).toEqual([]);
          expect(values.length).toBeGreaterThan(0);
          if (type === 'number') expect(values.filter((value) => !Number.isFinite(Number(value)))).toEqual([]);
          if (type === 'timestamp')
            expect(values.filter((value) => Number.isNaN(Date.parse(String(value))))).toEqual([]);
        }
        expect(text).not.toMatch(/"(payable|earned|rate|runHash)":/);
      }
    },
  );

  it('lets its reader choose a period of the company', async () => {
    const { rows } = await asked(period!.query.infinityQuery);
    expect(period!.name).toBe('period');
    expect(rows.map(({ name }) => name)).toContain('2017-Q4');
  });

  it('asks the data source that is provisioned, whose key sees no pay', async () => {
    const source = readFileSync(join(grafana, 'provisioning/datasources/attain.yaml'), 'utf8');
    const uid = /uid: (\S+)/.exec(source)?.[1];
    expect(new Set(panels.map(({ datasource }) => datasource.uid))).toEqual(new Set([uid]));
    for (const path of ['/statements/2017-06', '/statements/2017-06/darcel-schlecht', '/plans', '/exports/lines.csv'])
      await asking(demo.url, key).get(path).expect(403);
  });
});
