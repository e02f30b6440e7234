import { formatPath, parseDocuments } from '@attain/contracts';
import { checkPlan } from './plan-check.js';
import type { Uses } from '../plans.js';

const uses: Uses = {
  currency: 'USD',
  fields: { cost: 'money', termMonths: 'number', units: 'number' },
  measures: {
    revenue: { counts: 'amount', of: 'deals' },
    volume: { counts: 'units', of: 'deals' },
    contracts: { counts: '1', of: 'deals' },
    collected: { counts: 'amount', of: 'payments' },
    dated: { counts: 'amount', of: 'deals', reversals: 'dated' },
    both: { is: 'revenue + dated' },
  },
  tables: {
    'line rates': {
      columns: ['line', 'rate'],
      rows: [
        ['Hardware', '5%'],
        ['*', '1%'],
      ],
    },
    bounties: { columns: ['line', 'bounty'], rows: [['*', '200']] },
  },
};

/** A plan of one component, followed by `more`. */
export const plan = (component: string, more = '') => `
plan: Account executive
version: 1
effective: { from: 2025-01-01 }
assignedTo: { roles: [AE] }
pays: monthly
components:
  - name: Commission
${component
  .trim()
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
${more}`;
/** The problems of a plan as `path [code] message`. */
export const check = (text: string) =>
  checkPlan(parseDocuments(text, 'plan.yaml').documents[0]!.value, uses).map(
    ({ path, code, message }) => `${formatPath(path)} [${code}] ${message}`,
  );
