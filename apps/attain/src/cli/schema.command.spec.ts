import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scratch, writeFolder } from '../journeys/booted.fixture.js';
import { LanguageServer } from './language-server.fixture.js';
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

describe('attain schema', () => {
  it('prints the schema of a kind of document, and names the nearest kind', async () => {
    expect(JSON.parse((await attain('schema', 'plan')).out)).toMatchObject({ $id: 'urn:attain:document:plan:v1' });
    expect(await attain('schema', 'plans')).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean "plan"'),
    });
    expect((await attain('schema')).code).toBe(2);
  });

  it('keeps the other settings of an editor, and writes nothing where it cannot', async () => {
    await writeFolder(at('own'), {
      'company.yaml': 'currency: USD\n',
      '.vscode/settings.json': '{ "editor.tabSize": 2, "yaml.schemas": { "other.json": "other.yaml" } }',
    });
    expect((await attain('schema', '--editor', at('own'))).out).toContain('wrote .vscode/settings.json');
    expect(JSON.parse(await readFile(at('own/.vscode/settings.json'), 'utf8'))).toMatchObject({
      'editor.tabSize': 2,
      'yaml.schemas': { 'other.json': 'other.yaml', './.vscode/attain/plan.schema.json': ['plans/*.yaml'] },
    });
    await writeFolder(at('own'), { '.vscode/settings.json': '{ // mine\n}' });
    expect(await attain('schema', '--editor', at('own'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('is no plain JSON'),
    });
    expect(await attain('schema', '--editor', place.path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('holds no company.yaml'),
    });
  });
});

describe('The language server of VS Code', () => {
  let server: LanguageServer;
  beforeAll(async () => {
    await attain('init', at('company'));
    await attain('schema', '--editor', at('company'));
    server = await LanguageServer.open(at('company'));
  });
  afterAll(() => server.close());

  it('marks nothing in the documents of a new company', async () => {
    for (const file of ['company.yaml', 'plans/saas-account-executive.yaml', 'sources/crm.yaml']) {
      expect([file, await server.openFile(file, await readFile(at(`company/${file}`), 'utf8'))]).toEqual([file, []]);
    }
  });

  const plan = [
    'plan: AE',
    'version: 1',
    'effective: { from: 2026-01-01 }',
    'assignedTo: { roles: [AE] }',
    'pays: monthly',
    'components:',
    '  - name: Commission',
    '    measure: revenue',
  ];

  it('shows what a key means', async () => {
    const text = [...plan, '    crossing: higher', ''].join('\n');
    await server.openFile('plans/hover.yaml', text);
    expect(await server.hover('plans/hover.yaml', 8, 6)).toContain('How a deal that crosses a tier is paid');
    expect(await server.hover('plans/hover.yaml', 4, 2)).toContain('How often the plan pays');
  });

  it('completes keys and words, each with its meaning', async () => {
    await server.openFile('plans/keys.yaml', [...plan, '    cl', ''].join('\n'));
    const offered = await server.completion('plans/keys.yaml', 8, 6);
    expect(offered).toContainEqual({
      label: 'clawback',
      documentation: expect.stringContaining('The part of earned pay that a reversal takes back'),
    });
    await server.openFile('plans/words.yaml', [...plan, '    crossing: ', ''].join('\n'));
    expect((await server.completion('plans/words.yaml', 8, 14)).map(({ label }) => label)).toEqual(
      expect.arrayContaining(['split', 'higher', 'lower']),
    );
  });

  it('marks a mistyped key', async () => {
    const marked = await server.openFile('plans/wrong.yaml', [...plan, '    croßing: higher', ''].join('\n'));
    expect(marked.join()).toContain('croßing');
  });
});
