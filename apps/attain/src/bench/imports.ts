import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { CsvRecords, Imports, readFolder } from '@attain/pipeline';
import { createInstance } from '@attain/service';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { goal, type Measured, perSecond } from './report.js';
import { bytesWritten, logOf } from './written.js';

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
    const logBefore = logOf(data);
    const writtenBefore = bytesWritten();
    const start = performance.now();
    const first = await once();
    if (first.result.opened !== deals) throw new Error(`${first.result.opened} of ${deals} deals were opened`);
    await instance.caughtUp(600_000);
    const everywhere = performance.now() - start;
    const written = writtenRows(data, logBefore, writtenBefore);
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
        ...goal((deals / first.took) * 1000, '≥', 60_000, '60,000/s'),
      },
      {
        what: 'the same, until every read model has it',
        value: perSecond(deals, everywhere),
        baseline,
        ratio: reading / everywhere,
        ...goal((deals / everywhere) * 1000, '≥', 30_000, '30,000/s'),
      },
      ...written,
      { what: 'the same export again', value: perSecond(deals, again.took), baseline, ratio: reading / again.took },
    ];
  } finally {
    await instance.close();
  }
}

/** What the import sent to the disk, with all read models, beside what it added to the log. */
function writtenRows(data: string, before: ReturnType<typeof logOf>, writtenBefore: number | undefined): Measured[] {
  const written = bytesWritten();
  if (written === undefined || writtenBefore === undefined) return [];
  const log = logOf(data);
  const [bytes, events] = [log.bytes - before.bytes, log.events - before.events];
  const ratio = (written - writtenBefore) / bytes;
  return [
    {
      what: 'written to disk by that import, the log and all read models',
      value: `${Math.round((written - writtenBefore) / events).toLocaleString('en-US')} bytes an event`,
      baseline: `the log grew by ${Math.round(bytes / events)} bytes an event`,
      ratio,
      ...goal(ratio, '≤', 5, '5 × the bytes of the log'),
    },
  ];
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
