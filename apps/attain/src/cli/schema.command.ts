import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, documentSchemas } from '@attain/contracts';
import { Command } from 'commander';
import { exitCodes, Stop, type Terminal } from './terminal.js';

/** The files of a company folder that an editor checks, by the kind of their document. */
const filesOf = {
  company: ['company.yaml'],
  plan: ['plans/*.yaml'],
  source: ['sources/*.yaml'],
  scenario: ['scenarios/*.yaml'],
} as const;

export function schemaCommand(terminal: Terminal): Command {
  return new Command('schema')
    .summary('print JSON Schemas of the documents, for editors')
    .description(
      'Prints the JSON Schema of one kind of document. The schema describes every key. With --editor, the command writes all schemas into the ' +
        '.vscode folder of a company folder, so that the YAML extension of VS Code completes keys and explains them.',
    )
    .argument('[kind]', `the kind of document: ${[...documentSchemas().keys()].join(', ')}`)
    .option('--editor <dir>', 'write editor settings into this company folder')
    .addHelpText('after', '\nExamples:\n  attain schema plan\n  attain schema --editor my-company')
    .action(async (kind: string | undefined, { editor }: { editor?: string }) => {
      if (editor !== undefined)
        return terminal.out((await writeSettings(editor)).map((file) => `wrote ${file}\n`).join(''));
      const schemas = documentSchemas();
      const schema = schemas.get(kind ?? '');
      if (schema === undefined)
        throw new Stop(
          exitCodes.usage,
          `expected a kind of document, one of ${[...schemas.keys()].join(', ')}, found ${kind ?? 'nothing'}${didYouMean(kind ?? '', schemas.keys())}`,
        );
      terminal.out(`${JSON.stringify(schema, null, 2)}\n`);
    });
}

async function writeSettings(folder: string): Promise<string[]> {
  if (!existsSync(join(folder, 'company.yaml')))
    throw new Stop(
      exitCodes.no,
      `${folder} is no company folder, because it holds no company.yaml: name one, or write one with \`attain init\``,
    );
  const path = join(folder, '.vscode/settings.json');
  const settings = existsSync(path) ? settingsIn(path, await readFile(path, 'utf8')) : {};
  const schemas = documentSchemas();
  await mkdir(join(folder, '.vscode/attain'), { recursive: true });
  const files: string[] = [];
  const bound: Record<string, unknown> = { ...(settings['yaml.schemas'] as object | undefined) };
  for (const [kind, patterns] of Object.entries(filesOf)) {
    const file = `.vscode/attain/${kind}.schema.json`;
    await writeFile(join(folder, file), `${JSON.stringify(schemas.get(kind), null, 2)}\n`);
    bound[`./${file}`] = patterns;
    files.push(file);
  }
  await writeFile(path, `${JSON.stringify({ ...settings, 'yaml.schemas': bound }, null, 2)}\n`);
  return [...files, '.vscode/settings.json'];
}

function settingsIn(path: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Stop(
      exitCodes.no,
      `${path} is no plain JSON, so that nothing was written: remove its comments, or add \`yaml.schemas\` by hand`,
    );
  }
}
