import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { CsvRecords, Imports, readFolder } from '@attain/pipeline';
import { createInstance } from '@attain/service';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { type Measured, perSecond } from './report.js';

const context = { actor: 'bench', correlation: 'bench' };

/** One import of a generated export into an empty data directory, the same again, and until every read model has it. */
export async function imports(folder: string, data: string, deals: number): Promise<Measured[]> {
  const { contents } = await readFolder(folder);
  if (!contents) throw new Error('the generated company has errors');
  const instance = await createInstance(services, { urls: { events: `sqlite:${data}` } });
  try {
    const { problems } = await recordContents(instance, contents, context, { exports: false });
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    await instance.caughtUp(600_000);
    const { source, files } = contents.sources[0]!;
    const once = async () => {
      const start = performance.now();
      const result = await instance.get(Imports).run({ source, files, complete: true }, context);
      return { result, took: performance.now() - start };
    };
    const reading = await readOnly(join(folder, 'exports/deals.csv'));
    const start = performance.now();
    const first = await once();
    if (first.result.opened !== deals) throw new Error(`${first.result.opened} of ${deals} deals were opened`);
    await instance.caughtUp(600_000);
    const everywhere = performance.now() - start;
    const again = await once();
    if (again.result.unchanged !== deals) throw new Error(`${again.result.unchanged} of ${deals} deals were unchanged`);
    const baseline = `reading the CSV ${perSecond(deals, reading)}`;
    const n = deals.toLocaleString('en-US');
    return [
      {
        what: `import of ${n} deals, on disk`,
        value: perSecond(deals, first.took),
        baseline,
        ratio: reading / first.took,
        aim: '≥ 100,000/s',
      },
      {
        what: 'the same, until every read model has it',
        value: perSecond(deals, everywhere),
        baseline,
        ratio: reading / everywhere,
      },
      { what: 'the same export again', value: perSecond(deals, again.took), baseline, ratio: reading / again.took },
    ];
  } finally {
    await instance.close();
  }
}

/** The file cut into records, and nothing else. */
async function readOnly(file: string): Promise<number> {
  const start = performance.now();
  const records = new CsvRecords({ delimiter: ',', longest: 1 << 20 }, { record() {}, bad() {} });
  for await (const text of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 }))
    records.write(text as string);
  records.end();
  return performance.now() - start;
}
