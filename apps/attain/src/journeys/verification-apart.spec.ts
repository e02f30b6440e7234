import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { connect, type Infra } from '@attain/adapters';
import { decodeEvent } from '@attain/contracts';
import { type Document, decoded, type Projection } from '@attain/eventsourcing';
import { boardDealsProjection } from '@attain/forecasting';
import { issuedStatementsProjection, type VerificationReport } from '@attain/incentives';
import { dealsProjection } from '@attain/pipeline';
import { participantsProjection } from '@attain/planning';
import { soldDealsProjection } from '@attain/reporting';
import type { JobView } from '@attain/service';
import { type BootedApart, bootApart } from './apart.fixture.js';
import { root, scratch, writeFolder } from './booted.fixture.js';

const folder = {
  'company.yaml': 'company: Shop\ncurrency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n',
  'people.csv': 'id,name,role,manager,from\nann,Ann,AE,,2025-01-01\n',
  'plans/ae.yaml':
    'plan: AE\nversion: 1\neffective: { from: 2025-01-01 }\nassignedTo: { roles: [AE] }\npays: monthly\ncomponents: [ { name: Commission, measure: revenue, rate: 10% } ]\n',
  'sources/crm.yaml':
    'source: crm\nfiles: exports/deals.csv\nas: deals\ndates: yyyy-MM-dd\ncolumns: { id: id, owner: { from: owner, find: people.id }, amount: amount, closed: closed }\n',
  'exports/deals.csv': 'id,owner,amount,closed\nD1,ann,1000.00,2025-01-15\n',
};
/** A read model of each service. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list holds projections of every document and event
const planted: Readonly<Record<string, Projection<any, any>>> = {
  planning: participantsProjection,
  pipeline: dealsProjection,
  incentives: issuedStatementsProjection,
  forecasting: boardDealsProjection,
  reporting: soldDealsProjection,
};

const apart = process.env['JOURNEYS'] === 'apart';
(apart ? describe : describe.skip)(
  `A verification over processes of their own${apart ? '' : ': skipped, since JOURNEYS is not apart'}`,
  () => {
    let place: Awaited<ReturnType<typeof scratch>>;
    let shop: BootedApart;
    let engines: Infra;
    let token: string;
    beforeAll(async () => {
      place = await scratch();
      await writeFolder(join(place.path, 'folder'), folder);
      shop = await bootApart(join(place.path, 'folder'), join(place.path, 'data'));
      engines = await connect({ events: shop.environment['EVENTS_URL']!, models: shop.environment['MODELS_URL']! });
      token = await shop.token('auditor');
      await (
        await shop.as('finance')
      )
        .post('/periods/2025-01/close')
        .set('Idempotency-Key', 'close-2025-01')
        .send({})
        .expect(200);
      for (const { name } of Object.values(planted)) await documentOf(name);
    });
    afterAll(async () => {
      await engines?.close();
      await shop?.close();
      await place?.gone();
    });

    async function verify(...args: string[]): Promise<{ code: number; out: string; err: string }> {
      const asked = [
        join(root, 'apps/attain/dist/cli/main.js'),
        'verify',
        '--server',
        shop.url,
        '--token',
        token,
        ...args,
      ];
      return new Promise((resolve) => {
        const child = execFile(process.execPath, asked, { maxBuffer: 1 << 26 }, (_, out, err) =>
          resolve({ code: child.exitCode ?? -1, out, err }),
        );
      });
    }
    const verified = async (): Promise<VerificationReport> =>
      JSON.parse((await verify('--json')).out) as VerificationReport;

    /** The first document of a service's model that the log gives, as soon as it is there. */
    async function documentOf(model: string): Promise<{ key: string; document: Document }> {
      const projection = Object.values(planted).find(({ name }) => name === model)!;
      for (;;) {
        for await (const page of engines.events.readAll({ categories: projection.categories })) {
          for (const event of page) {
            for (const key of projection.keys(decoded({ decode: decodeEvent }, event))) {
              const document = await engines.models.model(model).get(key);
              if (document) return { key, document };
            }
          }
        }
        await new Promise((resume) => setTimeout(resume, 200));
      }
    }
    async function write(service: string, key: string, document: Document): Promise<void> {
      const writer = await engines.models.writer(planted[service]!);
      const position = await writer.position();
      await writer.commit({ after: position, position, documents: new Map([[key, { position, document }]]) });
    }

    it('lets each service compare its own read models, and names each', async () => {
      const { code, out, err } = await verify();
      expect([code, err]).toEqual([0, '']);
      for (const service of Object.keys(planted))
        expect(out).toMatch(
          new RegExp(`^${service}: [1-9]\\d* documents of \\d+ read models computed again: all fields agree$`, 'm'),
        );
      expect(out).not.toContain('other services');
    });

    it('answers the finding of each service over HTTP', async () => {
      const auditor = await shop.as('auditor');
      const { body } = await auditor.post('/verification').send({}).expect(202);
      await auditor.get(`/jobs/${(body as JobView).id}/events`).expect(200);
      const report = (await auditor.get('/verification').expect(200)).body as VerificationReport;
      expect(report).toMatchObject({ process: 'incentives', elsewhere: true, agrees: true });
      expect(report.others.map((other) => [other.process, 'agrees' in other && other.agrees])).toEqual([
        ['planning', true],
        ['pipeline', true],
        ['forecasting', true],
        ['reporting', true],
      ]);
      await (await shop.as('finance')).post('/models/reporting/comparison').send({}).expect(403);
    });

    it.each(Object.keys(planted))('finds a mistake in a read model of %s, and nowhere else', async (service) => {
      const { name, version } = planted[service]!;
      const { key, document } = await documentOf(name);
      await write(service, key, { ...document, planted: 'a mistake' });
      try {
        const { code, out } = await verify();
        expect(code).toBe(1);
        expect(out).toMatch(
          new RegExp(
            `^${service}: .* 1 disagree; build the models again with attain models rebuild MODEL --service ${service}$`,
            'm',
          ),
        );
        const report = await verified();
        const all = [
          { process: report.process, models: report.models },
          ...report.others.flatMap((other) => ('models' in other ? [other] : [])),
        ];
        const found = all.flatMap(({ process, models }) =>
          models.flatMap(({ model, differences }) =>
            differences.map((difference) => ({ process, model, ...difference })),
          ),
        );
        expect(found).toEqual([
          { process: service, model: `${name}@${version}`, code: 'DIFFERS', key, fields: ['planted'] },
        ]);
        expect(report.agrees).toBe(false);
      } finally {
        await write(service, key, document);
      }
    });

    it('names the service that did not answer', async () => {
      await shop.kill('reporting');
      const { code, out, err } = await verify();
      expect([code, err]).toEqual([4, expect.stringContaining('not verified: the read models of reporting')]);
      expect(out).toMatch(/^reporting: did not compare its read models$/m);
      expect(out).toMatch(/The read models of reporting: Nobody works on reporting\.models: is its service running\?/);
      expect(out).toMatch(/^forecasting: .* all fields agree$/m);
    });
  },
);
