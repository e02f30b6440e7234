import { describe, expect, it } from '@jest/globals';
import { EVENT_STORE, FOLDER_ROWS, Handovers, type RowsAnswer, type RowsOrder } from '@attain/service';
import { Imports } from './imports.js';
import { importing, context } from './importing.fixture.js';
import { readLines } from './lines.js';

// Thousands of rows on a busy machine take longer than the default of five seconds.

const crm = {
  source: 'crm',
  files: 'export.csv',
  as: 'deals',
  columns: {
    id: 'id',
    owner: { from: 'agent', find: 'people.name' },
    amount: 'value',
    opened: 'engaged',
    closed: 'closed',
    stage: 'stage',
  },
  status: { from: 'stage', won: ['Won'], lost: ['Lost'] },
};
const header = 'id,agent,value,engaged,closed,stage\n';
const rows = {
  D1: 'D1,Ann Miller,1000.50,2017-01-01,2017-03-01,Won\n',
  D2: 'D2,Bob Stone,,2017-01-02,,Engaging\n',
  D3: 'D3,Ann Miller,0,2017-01-03,2017-03-05,Lost\n',
};
const starting = importing();
const started = async () => {
  const at = await starting();
  await at.map(crm);
  await at.people({ ann: 'Ann Miller', bob: 'Bob Stone' });
  return at;
};

describe('An import', () => {
  it('opens every deal once, won and lost on its date, and counts what it did', async () => {
    const at = await started();
    const result = await at.bring(header + rows.D1 + rows.D2 + rows.D3);
    expect(result).toMatchObject({
      source: 'crm',
      as: 'deals',
      rows: 3,
      opened: 3,
      changed: 0,
      unchanged: 0,
      retracted: 0,
      quarantined: 0,
    });
    expect(await at.stored(['deal'])).toEqual(['DealOpened', 'DealWon', 'DealOpened', 'DealOpened', 'DealLost']);
    expect((await at.deals()).get('D1')).toMatchObject({
      status: 'won',
      owner: 'ann',
      amount: '1000.50',
      units: 1000,
      parts: 5000,
      closed: '2017-03-01',
    });
  });

  it('that is repeated writes nothing at all', async () => {
    const at = await started();
    await at.bring(header + rows.D1 + rows.D2 + rows.D3);
    const head = await at.head();
    expect(await at.bring(header + rows.D1 + rows.D2 + rows.D3, { complete: true })).toMatchObject({
      opened: 0,
      changed: 0,
      unchanged: 3,
      position: '0',
    });
    expect(await at.head()).toBe(head);
  });

  it('of a changed export writes only what changed, as the right events', async () => {
    const at = await started();
    await at.bring(header + rows.D1 + rows.D2 + rows.D3);
    const head = await at.head();
    const result = await at.bring(
      `${header}D1,Bob Stone,1200,2017-01-01,2017-03-02,Won\nD2,Bob Stone,50,2017-01-02,2017-04-01,Won\n${rows.D3}`,
    );
    expect(result).toMatchObject({ opened: 0, changed: 2, unchanged: 1 });
    expect(await at.stored(['deal'], head)).toEqual([
      'DealRepriced',
      'DealRedated',
      'DealReassigned',
      'DealStageChanged',
      'DealRepriced',
      'DealWon',
    ]);
  });

  it('retracts what a complete export no longer has, and nothing of a partial one', async () => {
    const at = await started();
    await at.bring(header + rows.D1 + rows.D2 + rows.D3);
    expect(await at.bring(header + rows.D1)).toMatchObject({ retracted: 0, unchanged: 1 });
    expect(await at.bring(header + rows.D1, { complete: true })).toMatchObject({ retracted: 2, unchanged: 1 });
    expect([...(await at.deals()).keys()]).toEqual(['D1']);
    expect(await at.bring(header + rows.D1 + rows.D2, { complete: true })).toMatchObject({
      opened: 0,
      changed: 1,
      retracted: 0,
    });
  });

  it('is known as of one instant, with any size', async () => {
    const at = await started();
    await at.bring(
      header + Array.from({ length: 6000 }, (_, n) => `N${n},Ann Miller,${n},2017-01-01,2017-03-01,Won\n`).join(''),
    );
    const instants = new Set<string>();
    const store = at.instance.get(EVENT_STORE);
    for await (const page of store.readAll({ categories: ['deal', 'import'] }))
      for (const { meta } of page) instants.add(meta.recorded);
    expect(instants.size).toBe(1);
    expect((await at.deals()).size).toBe(6000);
  });

  it('reports its progress, and can be stopped and repeated', async () => {
    const at = await started();
    const many =
      header + Array.from({ length: 9_000 }, (_, n) => `N${n},Ann Miller,${n},2017-01-01,2017-03-01,Won\n`).join('');
    const stop = new AbortController();
    const seen: number[] = [];
    const watch = {
      signal: stop.signal,
      progress: ({ bytes, totalBytes, rows: read }: { bytes: number; totalBytes: number; rows: number }) => {
        seen.push(bytes / totalBytes);
        if (read > 2000) stop.abort(new Error('cancelled'));
      },
    };
    await expect(at.bring(many, {}, watch)).rejects.toThrow('cancelled');
    expect(seen.every((share, n) => share <= 1 && share >= (seen[n - 1] ?? 0))).toBe(true);
    await at.instance.caughtUp();
    const before = (await at.deals()).size;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(9_000);
    expect(await at.bring(many)).toMatchObject({ opened: 9_000 - before, unchanged: before });
  });

  it('of a source that nobody has mapped is refused', async () => {
    const at = await started();
    await expect(at.bring('id\n1\n', { source: 'erp' })).rejects.toMatchObject({ code: 'SOURCE_UNKNOWN' });
    await expect(at.map({ ...crm, as: 'commissions' })).rejects.toMatchObject({ errors: [{ field: 'as' }] });
  });
});

describe('Rows that cannot be read', () => {
  it('wait with file, row, field, what was expected and what was found, and stop no other', async () => {
    const at = await started();
    const bad = `D4,Ann Müller,1,2017-01-01,2017-03-01,Won\nD5,Ann Miller,"1.234,56",2017-01-01,2017-03-01,Won\nD6,Ann Miller,1e400,2017-01-01,2017-03-01,Won\nD7,Ann Miller,1,2017-02-30,2017-03-01,Won\nD8,Ann Miller,1\n`;
    const result = await at.bring(header + rows.D1 + bad + rows.D2);
    expect(result).toMatchObject({ rows: 7, opened: 2, quarantined: 5 });
    expect(
      (await at.waiting()).map(({ file, row, field, expected, found }) => ({ file, row, field, expected, found })),
    ).toEqual([
      {
        file: 'export.csv',
        row: 3,
        field: 'owner',
        expected: 'the name of somebody (did you mean "Ann Miller"?)',
        found: 'Ann Müller',
      },
      {
        file: 'export.csv',
        row: 4,
        field: 'amount',
        expected: 'a number such as 1234.56, in the form that the source declares',
        found: '1.234,56',
      },
      {
        file: 'export.csv',
        row: 5,
        field: 'amount',
        expected: 'a number such as 1234.56, in the form that the source declares',
        found: '1e400',
      },
      { file: 'export.csv', row: 6, field: 'opened', expected: 'a date that exists', found: '2017-02-30' },
      { file: 'export.csv', row: 7, field: null, expected: '6 columns', found: '3 columns' },
    ]);
    expect((await at.waiting())[1]!.raw).toEqual({
      id: 'D5',
      agent: 'Ann Miller',
      value: '1.234,56',
      engaged: '2017-01-01',
      closed: '2017-03-01',
      stage: 'Won',
    });
  });

  it('wait once, however often the export is brought', async () => {
    const at = await started();
    const text = `${header}${rows.D1}D4,Nobody,1,2017-01-01,2017-03-01,Won\n`;
    await at.bring(text);
    const head = await at.head();
    expect(await at.bring(text)).toMatchObject({ quarantined: 1, unchanged: 1 });
    expect(await at.head()).toBe(head);
  });

  it('are recorded and released by a replay after the fix', async () => {
    const at = await started();
    await at.bring(`${header}D4,Zoe Novak,1,2017-01-01,2017-03-01,Won\nD5,Nobody,1,2017-01-01,2017-03-01,Won\n`);
    await at.people({ zoe: 'Zoe Novak' });
    const result = await at.instance.get(Imports).replay({ source: 'crm' }, context);
    await at.instance.caughtUp();
    expect(result).toMatchObject({ rows: 2, opened: 1, quarantined: 1 });
    expect((await at.deals()).get('D4')).toMatchObject({ owner: 'zoe', status: 'won' });
    expect((await at.waiting()).map(({ found }) => found)).toEqual(['Nobody']);
  });

  it('are released when a later export has the record without the error', async () => {
    const at = await started();
    await at.bring(`${header}D4,Nobody,1,2017-01-01,2017-03-01,Won\nD5,Nobody,1,2017-01-01,2017-03-01,Won\n`);
    await at.bring(`${header}D4,Ann Miller,1,2017-01-01,2017-03-01,Won\n`);
    expect((await at.waiting()).map(({ raw }) => raw['id'])).toEqual(['D5']);
    await at.bring(header + rows.D1, { complete: true });
    expect(await at.waiting()).toEqual([]);
  });

  it('keep their deal: an unreadable row is not a missing one', async () => {
    const at = await started();
    await at.bring(header + rows.D1 + rows.D2);
    const result = await at.bring(`${header}${rows.D1}D2,Bob Stone,much,2017-01-02,,Engaging\n`, { complete: true });
    expect(result).toMatchObject({ retracted: 0, quarantined: 1, notRetracted: null });
    expect((await at.deals()).size).toBe(2);
  });

  it('hold retractions back when not even their id could be read', async () => {
    const at = await started();
    await at.bring(header + rows.D1 + rows.D2);
    const result = await at.bring(`${header}${rows.D1}D2;Bob Stone\n`, { complete: true });
    expect(result).toMatchObject({
      retracted: 0,
      quarantined: 1,
      notRetracted: '1 rows could not be read far enough to identify their records',
    });
    expect((await at.deals()).size).toBe(2);
  });

  it('stop an import when there are so many that the mapping must be wrong', async () => {
    const at = await started();
    const text =
      header + Array.from({ length: 10_001 }, (_, n) => `N${n},Nobody,1,2017-01-01,2017-03-01,Won\n`).join('');
    await expect(at.bring(text)).rejects.toMatchObject({ code: 'TOO_MANY_BAD_ROWS' });
  });
});

describe('Rows of one record', () => {
  it('with the same values count once', async () => {
    const at = await started();
    expect(await at.bring(header + rows.D1 + rows.D2 + rows.D1)).toMatchObject({ rows: 3, opened: 2, quarantined: 0 });
  });

  it('with different values all wait, each naming the others', async () => {
    const at = await started();
    const result = await at.bring(`${header}${rows.D1}${rows.D2}D1,Ann Miller,999,2017-01-01,2017-03-01,Won\n`);
    expect(result).toMatchObject({ opened: 1, quarantined: 2 });
    expect((await at.waiting()).map(({ row, field, expected, found }) => [row, field, expected, found])).toEqual([
      [2, 'id', 'rows of one record that say the same, but row 2 and row 4 differ', 'D1'],
      [4, 'id', 'rows of one record that say the same, but row 2 and row 4 differ', 'D1'],
    ]);
    expect([...(await at.deals()).keys()]).toEqual(['D2']);
  });

  it('are lines of one deal where the source groups them: numbers are summed, all else must agree', async () => {
    const at = await starting();
    await at.map({
      source: 'erp',
      files: 'x.csv',
      as: 'deals',
      columns: { id: 'order', amount: 'value', quantity: 'n', closed: 'shipped', account: 'customer' },
      group: 'order',
    });
    const text =
      'order,value,n,shipped,customer\n10,100.10,1,2017-01-01,Acme\n11,5,1,2017-01-02,Isdom\n10,200.20,2,2017-01-01,Acme\n12,1,1,2017-01-01,Acme\n12,1,1,2017-01-01,Hatfan\n';
    expect(await at.bring(text, { source: 'erp' })).toMatchObject({ rows: 5, opened: 2, quarantined: 2 });
    expect((await at.deals()).get('10')).toMatchObject({ amount: '300.3', quantity: '3', account: 'Acme' });
    expect((await at.waiting()).map(({ row, field, expected, found }) => [row, field, expected, found])).toEqual([
      [5, 'account', 'row 6 of the same record to be readable', null],
      [6, 'account', '"Acme", as in row 5 of the same deal', 'Hatfan'],
    ]);
    expect(await at.bring(text, { source: 'erp' })).toMatchObject({ opened: 0, unchanged: 2 });
  });
});

describe('Files of several kinds', () => {
  const splits = {
    source: 'shares',
    files: 's.csv',
    as: 'splits',
    columns: { participant: 'who', share: 'share', kind: 'kind' },
    deal: { from: 'deal', of: 'crm' },
  };
  const reversals = {
    source: 'returns',
    files: 'r.csv',
    as: 'reversals',
    columns: { id: 'no', date: 'date', kind: 'kind', amount: 'amount' },
    deal: { from: 'deal', of: 'crm' },
  };

  it('splits share a deal of another source, and are taken back with the export', async () => {
    const at = await started();
    await at.bring(header + rows.D1 + rows.D2);
    await at.map(splits);
    const text =
      'deal,who,share,kind\nD1,ann,70%,revenue\nD1,bob,30%,\nD1,eve,25%,overlay\nD2,ann,70%,revenue\nD9,ann,100%,revenue\n';
    expect(await at.bring(text, { source: 'shares' })).toMatchObject({ rows: 5, changed: 1, quarantined: 2 });
    expect((await at.deals()).get('D1')).toMatchObject({
      revenue: { ann: '70%', bob: '30%' },
      overlay: { eve: '25%' },
    });
    expect((await at.waiting()).map(({ row, expected }) => [row, expected])).toEqual([
      [5, 'a valid record, but it was rejected: The revenue shares sum to 70%, not to 100%'],
      [6, 'a deal that exists in source crm'],
    ]);
    expect(await at.bring(text, { source: 'shares' })).toMatchObject({ changed: 0, unchanged: 1 });
    expect(
      await at.bring('deal,who,share,kind\nD2,ann,100%,revenue\n', { source: 'shares', complete: true }),
    ).toMatchObject({ changed: 1, retracted: 1 });
    expect((await at.deals()).get('D1')).toMatchObject({ revenue: {}, overlay: {} });
    expect(await at.waiting()).toEqual([]);
  });

  it('reversals take back a won deal, in parts of at most the whole', async () => {
    const at = await started();
    await at.bring(header + rows.D1 + rows.D2);
    await at.map(reversals);
    const text =
      'no,deal,date,kind,amount\n1,D1,2017-04-01,refunded,200\n2,D1,2017-04-02,refunded,300.50\n3,D2,2017-04-02,cancelled,\n';
    expect(await at.bring(text, { source: 'returns' })).toMatchObject({ changed: 1, quarantined: 1 });
    expect(Object.keys((await at.deals()).get('D1')!.reversals)).toEqual(['returns:1', 'returns:2']);
    expect((await at.waiting())[0]).toMatchObject({
      row: 4,
      expected: 'a valid record, but it was rejected: Only a won deal can be taken back; this one is open',
    });
    expect(
      await at.bring('no,deal,date,kind,amount\n2,D1,2017-04-02,refunded,300.50\n', {
        source: 'returns',
        complete: true,
      }),
    ).toMatchObject({ changed: 1 });
    expect(Object.keys((await at.deals()).get('D1')!.reversals)).toEqual(['returns:2']);
    expect(await at.bring('no,deal,date,kind,amount\n', { source: 'returns', complete: true })).toMatchObject({
      retracted: 1,
    });
    expect((await at.deals()).get('D1')!.reversals).toEqual({});
  });

  it('reversals apply in the order of their dates, in any order of rows', async () => {
    const lines = ['D1,2017-04-01,refunded,200', 'D1,2017-04-01,refunded,100', 'D1,2017-05-01,cancelled,'];
    const { columns } = reversals;
    const { id: _, ...withoutIds } = columns;
    const taken = [];
    for (const order of [lines, [...lines].reverse(), [lines[2], lines[0], lines[1]]]) {
      const at = await started();
      await at.bring(header + rows.D1);
      await at.map({ ...reversals, columns: withoutIds });
      expect(await at.bring(`deal,date,kind,amount\n${order.join('\n')}\n`, { source: 'returns' })).toMatchObject({
        changed: 1,
        quarantined: 0,
      });
      taken.push(Object.entries((await at.deals()).get('D1')!.reversals));
    }
    expect(taken[1]).toEqual(taken[0]);
    expect(taken[2]).toEqual(taken[0]);
    expect(taken[0]!.map(([name]) => name)).toEqual([
      'returns:refunded~2017-04-01',
      'returns:refunded~2017-04-01~2',
      'returns:cancelled~2017-05-01',
    ]);
  });

  it('accounts come with all their columns', async () => {
    const at = await starting();
    await at.map({
      source: 'crm',
      files: 'a.csv',
      as: 'accounts',
      columns: { id: 'account', name: 'account', sector: 'sector' },
    });
    expect(await at.bring('account,sector\nAcme,retail\nIsdom,medical\n')).toMatchObject({ opened: 2 });
    expect(await at.bring('account,sector\nAcme,retail\n', { complete: true })).toMatchObject({
      unchanged: 1,
      retracted: 1,
    });
    expect(await at.stored(['account'])).toEqual(['AccountRecorded', 'AccountRecorded', 'AccountRetracted']);
  });

  it('people and quotas go to planning, and are refused where planning runs elsewhere', async () => {
    const at = await starting();
    await at.map({
      source: 'hr',
      files: 'p.csv',
      as: 'people',
      columns: { id: 'no', name: 'name', role: 'role', badge: 'badge' },
    });
    const text = 'no,name,role,badge\n7,Ann Miller,AE,0012\n8,Bob Stone,,0013\n';
    await expect(at.bring(text, { source: 'hr' })).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    const taken: unknown[] = [];
    at.instance.get(Handovers).take<RowsOrder>(FOLDER_ROWS, async ({ rows }): Promise<RowsAnswer> => {
      taken.push(...rows);
      return {
        changed: 1,
        unchanged: 0,
        retracted: 0,
        refused: [{ at: 1, problem: { code: 'INVALID_ROW', detail: '8: the role is missing' } }],
        kept: [],
        position: '0',
      };
    });
    expect(await at.bring(text, { source: 'hr' })).toMatchObject({ rows: 2, changed: 1, quarantined: 1 });
    expect(taken).toEqual([
      { id: '7', name: 'Ann Miller', role: 'AE', badge: '0012' },
      { id: '8', name: 'Bob Stone', badge: '0013' },
    ]);
    expect((await at.waiting())[0]).toMatchObject({
      row: 3,
      expected: 'a valid record, but it was rejected: 8: the role is missing',
    });
  });
});

describe('A malformed file', () => {
  it('without the columns of its mapping names them, and writes nothing', async () => {
    const at = await started();
    const head = await at.head();
    await expect(at.bring('identity,agent\n1,2\n')).rejects.toMatchObject({
      errors: expect.arrayContaining([
        { field: 'columns.id', message: expect.stringContaining('export.csv: the file has no column "id"') },
        { field: 'columns.amount', message: expect.stringContaining('export.csv: the file has no column "value"') },
      ]),
    });
    expect(await at.head()).toBe(head);
  });

  it('that is empty or missing is an error that states it', async () => {
    const at = await started();
    await expect(at.bring('')).rejects.toMatchObject({
      errors: [{ message: 'export.csv: expected a header and rows, found nothing' }],
    });
    await expect(at.bring('x', { files: ['not/there.csv'] })).rejects.toMatchObject({
      errors: [{ message: 'there is no file not/there.csv' }],
    });
  });

  it('with bytes that are no UTF-8 loses those rows only, and keeps their bytes', async () => {
    const at = await started();
    const text = Buffer.concat([
      Buffer.from(`${header}D4,Caf`),
      Buffer.from([0xe9]),
      Buffer.from(`,1,2017-01-01,2017-03-01,Won\n${rows.D1}`),
    ]);
    expect(await at.bring(text)).toMatchObject({ opened: 1, quarantined: 1 });
    expect((await at.waiting())[0]).toMatchObject({
      row: 2,
      expected: 'UTF-8 in agent (or `encoding` in the source)',
      found: 'Caf\\xE9',
      raw: { line: 'D4,Caf\\xE9,1,2017-01-01,2017-03-01,Won' },
    });
  });

  it('in another encoding is an error at its header', async () => {
    const at = await started();
    await expect(at.bring(Buffer.from(`\uFEFF${header}`, 'utf16le'))).rejects.toMatchObject({
      errors: [{ message: expect.stringContaining('row 1: expected UTF-8 (or `encoding` in the source)') }],
    });
  });

  it('with broken quotes loses those rows only', async () => {
    const at = await started();
    expect(
      await at.bring(
        `${header}D4,"Ann" Miller,1,2017-01-01,2017-03-01,Won\n${rows.D1}D5,"Ann Miller,1,2017-01-01,2017-03-01,Won\n${rows.D2}`,
      ),
    ).toMatchObject({ opened: 2, quarantined: 2 });
    expect((await at.waiting()).map(({ row, expected }) => [row, expected])).toEqual([
      [2, 'a delimiter or the end of the line after a closing quote'],
      [4, 'a closing quote'],
    ]);
  });

  it('with a line of many megabytes passes over it in constant memory', async () => {
    const at = await started();
    const long = `D4,${'x'.repeat(1 << 16)}`.repeat(300);
    expect(await at.bring(`${header}${rows.D1}${long}\n${rows.D2}`)).toMatchObject({ opened: 2, quarantined: 1 });
    expect((await at.waiting())[0]).toMatchObject({
      row: 3,
      expected: 'a line of at most 1048576 characters',
      found: `${long.length} characters`,
    });
  });

  it('with more columns than any export has is refused', async () => {
    const at = await started();
    await expect(at.bring(`${Array.from({ length: 1001 }, (_, n) => `c${n}`).join(',')}\n`)).rejects.toMatchObject({
      errors: [{ message: 'export.csv: row 1: expected at most 1000 columns, found 1001' }],
    });
  });

  it('that changes while it is read is not imported in part', async () => {
    const at = await started();
    const path = await at.file(header + rows.D1);
    let reads = 0;
    const watch = {
      progress: () => {
        if ((reads += 1) === 1) void at.file(header + rows.D1 + rows.D2);
      },
    };
    const result = at.instance.get(Imports).run({ source: 'crm', files: [path] }, context, watch);
    await result.then(
      ({ opened }) => expect(opened).toBe(1),
      (error: Error) => expect(error.message).toContain('changed while it was read'),
    );
  });
});

describe('Reading a file', () => {
  it('holds a chunk at a time', async () => {
    const at = await starting();
    const path = await at.file(
      header + Array.from({ length: 50_000 }, (_, n) => `N${n},a,1,2017-01-01,2017-03-01,Won\n`).join(''),
    );
    let most = 0;
    let inHand = 0;
    await readLines({ path, name: 'x', bytes: 0 }, crm as never, {
      header: () => undefined,
      line: () => (most = Math.max(most, (inHand += 1))),
      bad: () => undefined,
      chunk: () => void (inHand = 0),
    });
    expect(most).toBeLessThan(10_000);
  });
});
