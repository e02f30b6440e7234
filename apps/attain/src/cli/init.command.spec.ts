import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatProblem } from '@attain/contracts';
import { checkFolder } from '../folder/check-folder.js';
import { scratch, writeFolder } from '../journeys/booted.fixture.js';
import { libraryPlans } from '@attain/incentives';
import { runCli } from './program.js';

let place: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  place = await scratch();
});
afterAll(() => place.gone());
const at = (name: string) => join(place.path, name);

async function attain(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    watched: false,
  });
  return { code, out, err };
}

describe('attain init', () => {
  it('writes a company that pays its sample people', async () => {
    const { code, out } = await attain('init', at('first'));
    expect(code).toBe(0);
    expect(out).toContain('wrote company.yaml');
    const run = await attain('run', at('first'));
    expect(run.code).toBe(0);
    expect(run.out).toMatch(/^2026-02 +ann +Ann Example +2 +9,400\.00/m);
    expect(run.out).toMatch(/^total .* USD {2}0 warnings, 0 exceptions$/m);
  });

  it('lists the typical plans, each with when to use it', async () => {
    const { out } = await attain('init', '--plans');
    for (const { name, useFor } of libraryPlans())
      expect(out).toMatch(new RegExp(`^${name} +${useFor.replace(/[.,]/g, '.')}$`, 'm'));
  });

  it.each(libraryPlans().map(({ name }) => name))('writes a company without errors that pays by %s', async (name) => {
    expect((await attain('init', at(name), '--plan', name)).code).toBe(0);
    const { problems, contents } = await checkFolder(at(name));
    expect(problems.map(formatProblem)).toEqual([]);
    expect(contents?.plans.length).toBe(1);
  });

  it('adds a plan with the files that it needs to a company, and leaves existing files unchanged', async () => {
    const own = 'company: Own # ours\ncurrency: USD\nmeasures:\n  revenue: { counts: amount, of: deals }\n';
    await writeFolder(at('own'), { 'company.yaml': own, 'people.csv': 'id,role,from\nben,Broker,2026-01-01\n' });
    const { code, out } = await attain('init', at('own'), '--plan', 'broker');
    expect(code).toBe(0);
    expect(out).toContain('left to do: name in a source the column of fee');
    expect(await readFile(at('own/company.yaml'), 'utf8')).toBe(
      `${own}  feeIncome: { counts: fee, of: deals }\nfields:\n  fee: money # the fee that the house earns by the deal\n`,
    );
    expect((await checkFolder(at('own'))).problems.map(formatProblem)).toEqual([]);
    expect(await attain('init', at('own'), '--plan', 'broker')).toMatchObject({
      code: 1,
      err: expect.stringContaining('broker.yaml is there already'),
    });
  });

  it('writes nothing where a measure of the same name is another one, where the folder holds something else, or the plan is unknown', async () => {
    await writeFolder(at('other'), {
      'company.yaml': 'currency: USD\nmeasures: { feeIncome: { counts: 1, of: deals } }\n',
    });
    expect(await attain('init', at('other'), '--plan', 'broker')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/has measures\.feeIncome: .* but the plan broker needs/),
    });
    expect(await attain('init', at('other'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('add a typical plan with --plan NAME'),
    });
    expect(await attain('init', place.path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not empty and holds no company.yaml'),
    });
    expect(await attain('init', at('new'), '--plan', 'brokr')).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean "broker"'),
    });
    expect(await attain('init')).toMatchObject({ code: 2 });
  });
});
