import { DealCommands, Imports, readFolder } from '@attain/pipeline';
import { createInstance } from '@attain/service';
import { recordContents } from '../folder/record-contents.js';
import { services } from '../modules.js';
import { goal, type Measured, quantile } from './report.js';
import { bytesWritten, logOf } from './written.js';

const context = { actor: 'bench', correlation: 'bench' };
const WON = 500;

/** Deals won one at a time beside many stored ones: the time of the command, the time until every read model has it, and the bytes written. */
export async function live(folder: string, data: string, deals: number): Promise<Measured[]> {
  const { contents } = await readFolder(folder);
  if (!contents) throw new Error('the generated company has errors');
  const instance = await createInstance(services, { urls: { events: `sqlite:${data}` } });
  try {
    await recordContents(instance, contents, context, { exports: false });
    const { source, files } = contents.sources[0]!;
    await instance.get(Imports).run({ source, files, complete: true }, context);
    await instance.caughtUp(600_000);
    const commands = instance.get(DealCommands);
    const [acknowledged, everywhere]: [number[], number[]] = [[], []];
    const [logBefore, before] = [logOf(data), bytesWritten()];
    for (let n = 0; n < WON; n += 1) {
      const deal = { source: 'crm', id: `L${n}` };
      const fields = { owner: `rep${String(n % 10).padStart(4, '0')}`, amount: '1234.56' };
      const start = performance.now();
      await commands.win(deal, { closed: '2025-06-30', fields }, context);
      acknowledged.push(performance.now() - start);
      await instance.caughtUp(60_000);
      everywhere.push(performance.now() - start);
    }
    const after = bytesWritten();
    const events = logOf(data).events - logBefore.events;
    const n = deals.toLocaleString('en-US');
    const latency = (what: string, times: readonly number[], bound: number): Measured => ({
      what,
      value: `p99 ${quantile(times, 0.99).toFixed(1)} ms, median ${quantile(times, 0.5).toFixed(1)} ms`,
      ...goal(quantile(times, 0.99), '≤', bound, `${bound} ms`),
    });
    return [
      latency(`a deal is won beside ${n} others, until it is acknowledged`, acknowledged, 50),
      latency('the same, until every read model has it', everywhere, 1000),
      ...(before === undefined || after === undefined ? [] : [written(after - before, events, logBefore)]),
    ];
  } finally {
    await instance.close();
  }
}

function written(bytes: number, events: number, log: ReturnType<typeof logOf>): Measured {
  const each = log.bytes / log.events;
  return {
    what: 'written to disk for it, the log and all read models',
    value: `${Math.round(bytes / events).toLocaleString('en-US')} bytes an event`,
    baseline: `the log holds ${Math.round(each)} bytes an event`,
    ratio: bytes / events / each,
    ...goal(bytes / events / each, '≤', 20, '20 × the bytes of the log'),
  };
}
