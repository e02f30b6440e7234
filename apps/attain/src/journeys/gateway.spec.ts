import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ForecastingModule } from '@attain/forecasting';
import { IncentivesModule } from '@attain/incentives';
import { PipelineModule } from '@attain/pipeline';
import { PlanningModule } from '@attain/planning';
import { ReportingModule } from '@attain/reporting';
import { routesOf, serve, type ServedModules } from '@attain/service';
import { root } from './booted.fixture.js';

const modules = {
  planning: PlanningModule,
  pipeline: PipelineModule,
  incentives: IncentivesModule,
  forecasting: ForecastingModule,
  reporting: ReportingModule,
};

describe('The gateway', () => {
  it.each(Object.entries(modules))('leads every route of %s to it', async (service, module) => {
    const shell = new Set((await routesServedBy([])).map(keyOf));
    const own = (await routesServedBy([module])).filter((route) => !shell.has(keyOf(route)));
    expect(own.length).toBeGreaterThan(1);
    expect(own.filter(({ path }) => [path, path.replace('/v1', '')].some((one) => serviceOf(one) !== service))).toEqual(
      [],
    );
  });

  it.each(['', '/v1'])('leads a job under «%s» to the service that runs its kind', (version) => {
    expect(
      [
        '/jobs',
        '/jobs/import-7',
        '/jobs/import-7/events',
        '/jobs/close-7',
        '/jobs/close-7/cancel',
        '/jobs/verification-7',
        '/jobs/folder-7/events',
        '/jobs/comparison-reporting-7',
        '/jobs/comparison-forecasting-7/events',
      ].map((path) => serviceOf(version + path)),
    ).toEqual([
      'pipeline',
      'pipeline',
      'pipeline',
      'incentives',
      'incentives',
      'incentives',
      'pipeline',
      'reporting',
      'forecasting',
    ]);
  });

  it('leads the paths that all services have to each service', () => {
    for (const service of Object.keys(modules)) {
      const paths = [
        `/health/${service}/ready`,
        `/metrics/${service}`,
        `/v1/clock/${service}/accept`,
        `/clock/${service}/accept`,
        `/v1/models/${service}`,
        `/models/${service}`,
        `/models/${service}/comparison`,
        `/models/${service}/rebuild`,
        `/jobs/comparison-${service}-7/cancel`,
        `/v1/parked/${service}`,
        `/parked/${service}`,
        `/parked/${service}/deals@1/redrive`,
        `/${service}/docs`,
        `/${service}/docs-json`,
        `/${service}/docs/swagger-ui.css`,
      ];
      expect(paths.filter((path) => serviceOf(path) !== service)).toEqual([]);
    }
  });

  it('leads the page and its stream of events to reporting', () => {
    expect(['/', '/app', '/app/', '/app/my-pay', '/app/assets/index.js', '/v1/live', '/live'].map(serviceOf)).toEqual(
      Array(7).fill('reporting'),
    );
  });

  it('leads every other path to planning', () => {
    expect(
      [
        '/home.css',
        '/apples',
        '/session',
        '/session/password',
        '/users',
        '/health/ready',
        '/planning',
        '/dealsandmore',
      ].map(serviceOf),
    ).toEqual(Array(8).fill('planning'));
  });
});

const rules = readRules();

/** As nginx does: the first expression that fits, whose value may be a part of what it found. */
function serviceOf(path: string): string {
  for (const { expression, value } of rules) {
    const found = expression.exec(path);
    if (found) return value.startsWith('$') ? (found.groups?.[value.slice(1)] ?? '') : value;
  }
  throw new Error(`No rule for ${path}`);
}

function readRules(): { expression: RegExp; value: string }[] {
  const text = readFileSync(join(root, 'deploy/gateway/nginx.conf.template'), 'utf8');
  const [, block = ''] = /map \$uri \$service \{\n([^}]*)\}/.exec(text) ?? [];
  const lines = block
    .trim()
    .split('\n')
    .map((line) => /^\s*(?:~(\S+)|default)\s+(\S+);$/.exec(line)!);
  return lines.map(([, expression = '', value = '']) => ({ expression: new RegExp(expression), value }));
}

const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

async function routesServedBy(services: ServedModules) {
  const settings = { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' };
  const { app, close } = await serve(services, {
    name: 'routes',
    topology: 'together',
    settings,
    environment: {},
    signals: false,
    firstUser: false,
  });
  const routes = routesOf(app);
  await close();
  return routes;
}
