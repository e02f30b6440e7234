import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { runCli } from '../cli/program.js';
import { type Booted, bootTogether, scratch, writeFolder } from './booted.fixture.js';

const folder = {
  'company.yaml': 'company: Small\ncurrency: USD\nmeasures: { revenue: { counts: amount, of: deals } }\n',
  'people.csv':
    'id,name,role,manager,team,from\nmo,Mo,Manager,,West,2025-01-01\nann,Ann,AE,mo,West,2025-01-01\nbob,Bob,AE,mo,West,2025-01-01\nmia,Mia,Manager,,East,2025-01-01\nzed,Zed,AE,mia,East,2025-01-01\n',
  'objectives.csv': 'for,component,period,name,weight\nzed,Goals,2025-Q1,Playbook,100%\n',
  'plans/ae.yaml': [
    'plan: AE',
    'version: 1',
    'effective: { from: 2025-01-01 }',
    'assignedTo: { roles: [AE] }',
    'pays: quarterly',
    'components:',
    '  - { name: Commission, measure: revenue, rate: 10%, release: approval }',
    '  - { name: Goals, per: quarter, target: 4000, objectives: assigned }',
    '',
  ].join('\n'),
  'sources/crm.yaml':
    'source: crm\nfiles: exports/deals.csv\nas: deals\ndates: yyyy-MM-dd\ncolumns: { id: id, owner: owner, amount: amount, closed: closed }\n',
  'exports/deals.csv': 'id,owner,amount,closed\nD1,ann,1000,2025-01-15\nD2,zed,5000,2025-01-20\n',
};

let place: Awaited<ReturnType<typeof scratch>>;
let at: Booted;
type Client = Awaited<ReturnType<Booted['as']>>;
const clients = new Map<string, Client>();
const as = (who: string) => clients.get(who)!;
beforeAll(async () => {
  place = await scratch();
  await writeFolder(join(place.path, 'folder'), folder);
  at = await bootTogether(join(place.path, 'folder'), join(place.path, 'data'));
  for (const [name, who] of Object.entries({
    ann: { roles: ['rep' as const], participant: 'ann' },
    mo: { roles: ['manager' as const], participant: 'mo' },
    finance: { roles: ['finance' as const] },
    auditor: { roles: ['auditor' as const] },
    // A person in finance may be paid by a plan too.
    paid: { actor: 'user:bob', roles: ['finance' as const], participant: 'bob' },
  })) {
    clients.set(name, await at.as(who));
  }
});
afterAll(async () => {
  await at.close();
  await place.gone();
});

/** The result of a request: 200, the code of a refusal, or the status of any other answer. */
async function answered(who: string, path: string, body: object): Promise<string | number> {
  const { status, body: answer } = await as(who).post(path).send(body);
  return status === 409 ? (answer as { code: string }).code : status;
}
async function seen(path: string, ...people: string[]): Promise<string[][]> {
  const whose = async (who: string) =>
    (await as(who).get(path).expect(200)).body.rows.map(
      (row: { for?: string; participant?: string }) => row.participant ?? row.for,
    );
  return Promise.all(people.map(async (who) => [...new Set<string>(await whose(who))].sort()));
}
async function settled(position: string): Promise<void> {
  for (const path of ['/scores', '/objectives', '/adjustments', '/signatures', '/periods'])
    await as('finance').get(path).set('Attain-Position', position).expect(200);
}
async function done(who: string, path: string, body: object): Promise<void> {
  const { body: answer } = await as(who).post(path).send(body).expect(200);
  await settled((answer as { position: string }).position);
}
async function statement(who: string): Promise<{ payable: string; lines: string[] }> {
  const { body } = await as('finance').get(`/statements/2025-Q1/${who}`).expect(200);
  const { payable, lines } = body as { payable: string; lines: { kind: string; component: string; payable: string }[] };
  return { payable, lines: lines.map(({ kind, component, payable: pay }) => `${kind} ${component} ${pay}`) };
}

describe('Objectives and their scores', () => {
  const playbook = { component: 'Goals', period: '2025-Q1', name: 'Playbook' };
  const score = { period: '2025-Q1', objective: 'Playbook', score: '50%' };

  it('are set by a manager for reports, and not for oneself, for the own team or for a peer', async () => {
    for (const [path, body, whose] of [
      ['/objectives/assign', { ...playbook, weight: '40%' }, 'for'],
      ['/scores/record', score, 'participant'],
    ] as const) {
      const set = (who: string, forWhom: string) => answered(who, path, { ...body, [whose]: forWhom });
      expect([await set('ann', 'ann'), await set('ann', 'bob'), await set('auditor', 'ann')]).toEqual([403, 403, 403]);
      expect([await set('mo', 'mo'), await set('mo', 'zed'), await set('mo', 'mia')]).toEqual(['OWN_PAY', 404, 404]);
      expect([await set('paid', 'bob'), await set('mo', 'ann'), await set('paid', 'ann')]).toEqual([
        'OWN_PAY',
        200,
        200,
      ]);
      expect(await set('finance', 'nobody')).toBe('PERSON_UNKNOWN');
      expect(await answered('finance', path, { ...body, [whose]: 'ann', period: '2025-Q7' })).not.toBe(200);
    }
    const team = { ...playbook, for: 'West', weight: '40%' };
    expect([
      await answered('paid', '/objectives/assign', team),
      await answered('mo', '/objectives/assign', team),
      await answered('finance', '/objectives/assign', team),
    ]).toEqual(['OWN_PAY', 404, 200]);
    expect([
      await answered('finance', '/objectives/assign', { ...team, weight: '0.4' }),
      await answered('finance', '/scores/record', { ...score, participant: 'ann', score: '-1%' }),
    ]).toEqual(['INVALID_FIELD', 'INVALID_FIELD']);
  });

  it('pay the target, change with the next one, and are gone when they are withdrawn', async () => {
    await done('mo', '/objectives/assign', { ...playbook, for: 'ann', weight: '100%' });
    await done('mo', '/scores/record', { ...score, participant: 'ann' });
    expect((await statement('ann')).lines).toContain('earning Goals 2000.00');
    await done('mo', '/scores/record', { ...score, participant: 'ann', score: '75%', reason: 'seen again' });
    expect((await statement('ann')).lines).toContain('earning Goals 3000.00');
    await done('finance', '/objectives/withdraw', { ...playbook, for: 'ann' });
    // The objective of the team holds now.
    expect((await statement('ann')).lines).toContain('earning Goals 1200.00');
    expect([
      await answered('mo', '/objectives/withdraw', { ...playbook, for: 'ann' }),
      await answered('mo', '/objectives/withdraw', { ...playbook, for: 'zed' }),
      await answered('paid', '/objectives/withdraw', { ...playbook, for: 'West' }),
    ]).toEqual(['OBJECTIVE_UNKNOWN', 404, 'OWN_PAY']);
    expect([
      await answered('mo', '/scores/retract', { ...score, score: undefined, participant: 'mo' }),
      await answered('mo', '/scores/retract', { ...score, score: undefined, participant: 'zed' }),
    ]).toEqual([200, 404]);
  });

  it('are seen by oneself, by managers of their reports, and by finance', async () => {
    await done('mo', '/objectives/assign', { ...playbook, for: 'bob', weight: '10%' });
    await done('finance', '/scores/record', { ...score, participant: 'zed' });
    expect(await seen('/objectives', 'ann', 'mo', 'finance', 'auditor')).toEqual([
      [],
      ['bob'],
      ['West', 'bob', 'zed'],
      ['West', 'bob', 'zed'],
    ]);
    expect(await seen('/scores', 'ann', 'mo', 'finance', 'auditor')).toEqual([
      ['ann'],
      ['ann'],
      ['ann', 'zed'],
      ['ann', 'zed'],
    ]);
    expect(await seen('/scores?participant=zed', 'ann', 'mo', 'finance')).toEqual([[], [], ['zed']]);
    expect(await seen('/objectives?for=zed', 'ann', 'mo', 'finance')).toEqual([[], [], ['zed']]);
  });

  it('are written on the command line too, and refused there with the reason', async () => {
    const attain = async (...args: string[]) => {
      let [out, err] = ['', ''];
      const token = await at.token(
        args[0] === 'mo' ? { roles: ['manager'], participant: 'mo' } : { roles: ['finance'] },
      );
      const code = await runCli([...args.slice(1), '--server', at.url, '--token', token], {
        out: (text) => void (out += text),
        err: (text) => void (err += text),
        watched: false,
      });
      return { code, out, err };
    };
    expect(
      await attain('finance', 'objective', 'assign', 'mia', 'Goals', '2025-Q2', 'Hire', '100%', '--yes'),
    ).toMatchObject({
      code: 0,
      out: 'Hire counts 100% of Goals for mia in 2025-Q2\n',
    });
    expect((await attain('finance', 'objective', 'list', '--for', 'mia')).out).toMatch(
      /mia +Goals +2025-Q2 +Hire +100%/,
    );
    expect((await attain('mo', 'objective', 'list')).out).not.toContain('mia');
    expect(await attain('finance', 'score', 'record', 'mia', '2025-Q2', 'Hire', '1/3', '--yes')).toMatchObject({
      code: 0,
      out: 'mia reached 1/3 of Hire in 2025-Q2\n',
    });
    expect((await attain('finance', 'score', 'list', '--participant', 'mia')).out).toMatch(/mia +2025-Q2 +Hire +1\/3/);
    expect(await attain('mo', 'score', 'record', 'mo', '2025-Q2', 'Hire', '100%', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('OWN_PAY'),
    });
    expect(await attain('finance', 'score', 'retract', 'mia', '2025-Q2', 'Hire', '--yes')).toMatchObject({ code: 0 });
    expect(await attain('finance', 'objective', 'withdraw', 'mia', 'Goals', '2025-Q2', 'Hire', '--yes')).toMatchObject({
      code: 0,
    });
    expect(await attain('finance', 'objective', 'withdraw', 'mia', 'Goals', '2025-Q2', 'Hire', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('mia has no objective "Hire"'),
    });
  });
});

describe('Adjustments', () => {
  const bonus = { period: '2025-Q1', amount: '250', reason: 'promised in March' };

  it('are proposed by finance and approved by somebody else whose pay they do not change', async () => {
    const propose = (who: string, adjustment: string, participant: string) =>
      answered(who, '/adjustments', { ...bonus, adjustment, participant });
    expect([
      await propose('ann', 'a1', 'ann'),
      await propose('mo', 'a1', 'ann'),
      await propose('auditor', 'a1', 'ann'),
    ]).toEqual([403, 403, 403]);
    expect([
      await propose('paid', 'a1', 'bob'),
      await propose('finance', 'a1', 'nobody'),
      await propose('finance', 'a1', 'ann'),
      await propose('finance', 'a2', 'bob'),
      await propose('finance', 'a3', 'zed'),
    ]).toEqual(['OWN_PAY', 'PERSON_UNKNOWN', 200, 200, 200]);
    expect((await statement('ann')).lines.filter((line) => line.startsWith('adjustment'))).toEqual([]);
    const decide = (who: string, what: string) => answered(who, `/adjustments/${what}`, { reason: 'checked' });
    expect([
      await decide('ann', 'a1/approve'),
      await decide('mo', 'a1/approve'),
      await decide('finance', 'a1/approve'),
    ]).toEqual([403, 403, 'SAME_PERSON']);
    expect([
      await decide('paid', 'a2/approve'),
      await decide('paid', 'a2/reject'),
      await decide('paid', 'a9/approve'),
      await decide('paid', 'a1/approve'),
      await decide('finance', 'a3/reject'),
      await decide('paid', 'a3/approve'),
    ]).toEqual(['OWN_PAY', 'OWN_PAY', 'ADJUSTMENT_UNKNOWN', 200, 200, 'ADJUSTMENT_DECIDED']);
    await settled(String(await at.head()));
    expect((await statement('ann')).lines.filter((line) => line.startsWith('adjustment'))).toEqual([
      expect.stringContaining('250.00'),
    ]);
    expect((await statement('zed')).lines.filter((line) => line.startsWith('adjustment'))).toEqual([]);
  });

  it('are seen by oneself, by managers of their reports, and by finance', async () => {
    expect(await seen('/adjustments', 'ann', 'mo', 'finance', 'auditor')).toEqual([
      ['ann'],
      ['ann', 'bob'],
      ['ann', 'bob', 'zed'],
      ['ann', 'bob', 'zed'],
    ]);
    expect(await seen('/adjustments?participant=zed', 'ann', 'mo')).toEqual([[], []]);
  });
});

describe('Approvals', () => {
  const pay = { of: 'deals', source: 'crm', component: 'Commission' };

  it('release held pay, by finance, of other people', async () => {
    const release = (who: string, body: object, path = 'releases') =>
      answered(who, `/approvals/${path}`, { ...pay, ...body });
    expect((await statement('ann')).lines).toEqual(
      expect.arrayContaining(['earning Commission 100.00', 'hold Commission -100.00']),
    );
    expect([
      await release('ann', { id: 'D1' }),
      await release('mo', { id: 'D1' }),
      await release('auditor', { id: 'D1' }),
    ]).toEqual([403, 403, 403]);
    expect([
      await release('finance', { id: 'D9' }),
      await release('paid', { id: 'D1' }),
      await release('paid', { id: 'D1', participant: 'bob' }),
    ]).toEqual(['RECORD_UNKNOWN', 'OWN_PAY', 'OWN_PAY']);
    await done('paid', '/approvals/releases', { ...pay, id: 'D1', participant: 'ann', date: '2025-02-01' });
    expect((await statement('ann')).lines.filter((line) => line.startsWith('hold'))).toEqual([]);
    expect((await statement('zed')).lines.filter((line) => line.startsWith('hold'))).toHaveLength(1);
    await done('finance', '/approvals/releases/withdraw', { ...pay, id: 'D1', participant: 'ann' });
    expect((await statement('ann')).lines).toContain('hold Commission -100.00');
  });

  it('of a statement are of finance, and not of the own', async () => {
    const approve = (who: string, whose: string) => answered(who, `/approvals/statements/2025-Q1/${whose}`, {});
    expect([
      await approve('ann', 'ann'),
      await approve('mo', 'ann'),
      await approve('paid', 'bob'),
      await approve('paid', 'ann'),
      await approve('finance', 'bob'),
    ]).toEqual([403, 403, 'OWN_PAY', 200, 200]);
  });
});

describe('Signatures', () => {
  it('are of oneself; finance records one that was given on paper', async () => {
    const sign = (who: string, body: object, path = 'AE/versions/1') => answered(who, `/plans/${path}/sign`, body);
    expect([
      await sign('ann', { participant: 'bob' }),
      await sign('mo', { participant: 'ann' }),
      await sign('auditor', {}),
      await sign('finance', {}),
    ]).toEqual([404, 404, 403, 404]);
    expect([
      await sign('ann', {}, 'AE/versions/9'),
      await sign('ann', {}, 'None/versions/1'),
      await sign('ann', { hash: 'another' }),
    ]).toEqual(['PLAN_UNKNOWN', 'PLAN_UNKNOWN', 'HASH_DIFFERS']);
    expect([
      await sign('ann', {}),
      await sign('mo', {}),
      await sign('finance', { participant: 'zed', reason: 'on paper' }),
      await sign('finance', { participant: 'nobody' }),
    ]).toEqual([200, 200, 200, 'PERSON_UNKNOWN']);
  });

  it('are seen by oneself, by managers of their reports, and by finance', async () => {
    await settled(String(await at.head()));
    expect(await seen('/signatures', 'ann', 'mo', 'finance', 'auditor')).toEqual([
      ['ann'],
      ['ann', 'mo'],
      ['ann', 'mo', 'zed'],
      ['ann', 'mo', 'zed'],
    ]);
    expect(await seen('/signatures?participant=zed', 'ann', 'mo')).toEqual([[], []]);
  });
});
