import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateDeals, quotaCents, repName } from './generated.js';

const months = Array.from({ length: 12 }, (_, index) => `2025-${String(index + 1).padStart(2, '0')}`);

/**
 * A company folder of generated deals under one plan: marginal tiers of 10, 15 and 20 % on a monthly quota. All deals are won, or one
 * of so many as `open` states is open.
 */
export async function writeCompany(
  directory: string,
  deals: number,
  reps: number,
  { open }: { open?: number } = {},
): Promise<void> {
  for (const folder of ['plans', 'sources', 'exports']) mkdirSync(join(directory, folder), { recursive: true });
  writeFileSync(
    join(directory, 'company.yaml'),
    'attain: 1\ncompany: Bench\ncurrency: USD\ntimeZone: UTC\nmeasures:\n  revenue: { counts: amount, of: deals }\n',
  );
  writeFileSync(
    join(directory, 'plans/ae.yaml'),
    `attain: 1
plan: AE
version: 1
effective: { from: 2025-01-01 }
assignedTo: { roles: [AE] }
pays: monthly
components:
  - name: Commission
    measure: revenue
    per: month
    tiers: [ { from: 0%, rate: 10% }, { from: 100%, rate: 15% }, { from: 150%, rate: 20% } ]
`,
  );
  writeFileSync(
    join(directory, 'sources/crm.yaml'),
    `attain: 1
source: crm
files: exports/deals.csv
as: deals
dates: yyyy-MM-dd
columns: { id: id, owner: { from: rep, find: people.id }, product: product, amount: amount, opened: opened, closed: closed, stage: stage }
status: { from: stage, won: [Won], lost: [Lost] }
`,
  );
  const names = Array.from({ length: reps }, (_, index) => repName(index));
  writeFileSync(
    join(directory, 'people.csv'),
    [
      'id,name,role,manager,team,region,currency,from,to',
      ...names.map((rep) => `${rep},${rep},AE,,East,East,,2025-01-01,`),
      '',
    ].join('\n'),
  );
  const quota = (quotaCents / 100).toFixed(2);
  writeFileSync(
    join(directory, 'quotas.csv'),
    [
      'for,measure,period,amount',
      ...names.flatMap((rep) => months.map((month) => `${rep},revenue,${month},${quota}`)),
      '',
    ].join('\n'),
  );
  const file = createWriteStream(join(directory, 'exports/deals.csv'));
  let text = 'id,rep,product,amount,opened,closed,stage\n';
  let written = 0;
  for (const { id, rep, cents, closed } of generateDeals(deals, reps)) {
    const end = open !== undefined && written++ % open === 0 ? ',Engaging' : `${closed},Won`;
    text += `${id},${rep},GTX Pro,${(cents / 100).toFixed(2)},2024-12-01,${end}\n`;
    if (text.length > 1 << 20) {
      if (!file.write(text)) await once(file, 'drain');
      text = '';
    }
  }
  file.end(text);
  await once(file, 'close');
}
