import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, it } from '@jest/globals';
import { companyDecider } from './company.decider.js';
import { type Table, tableDecider, type TableEvent } from './table.decider.js';

describe('The company', () => {
  const { given } = behaviour(companyDecider);
  it('is configured once for one document, whatever the order of its keys', () => {
    const document = { company: 'Maven', currency: 'USD' };
    given([]).when({ document }).then([{ type: 'CompanyConfigured', data: { document } }]);
    given([{ type: 'CompanyConfigured', data: { document } }]).when({ document: { currency: 'USD', company: 'Maven' } }).then([]);
  });
});

describe('A rate table', () => {
  const { given } = behaviour(tableDecider);
  const table: Table = { table: 'line rates', columns: ['line', 'rate'], rows: [['hardware', '6%'], ['*', '4%']] };
  const defined: TableEvent = { type: 'TableDefined', data: { table: 'line rates', columns: ['line', 'rate'], rows: [['hardware', '6%'], ['*', '4%']] } };
  it('is defined, and not twice', () => {
    given([]).when({ do: 'define', table }).then([defined]);
    given([defined]).when({ do: 'define', table }).then([]);
    given([defined]).when({ do: 'retract', table: 'line rates' }).then([{ type: 'TableRetracted', data: { table: 'line rates' } }]);
  });
  it('has rows of one width and columns of different names', () => {
    given([]).when({ do: 'define', table: { ...table, rows: [['hardware']] } }).then(refused('INVALID_TABLE'));
    given([]).when({ do: 'define', table: { ...table, columns: ['rate', 'rate'] } }).then(refused('INVALID_TABLE'));
    given([]).when({ do: 'define', table: { ...table, columns: ['rate'], rows: [['1']] } }).then(refused('INVALID_TABLE'));
  });
});
