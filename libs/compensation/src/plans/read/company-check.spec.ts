import { describe, expect, it } from '@jest/globals';
import { formatPath, parseDocuments } from '@attain/contracts';
import { checkCompany } from './company-check.js';

const check = (text: string) =>
  checkCompany(parseDocuments(`currency: USD\n${text}`, 'company.yaml').documents[0]!.value).map(
    ({ path, code, message }) => `${formatPath(path)} [${code}] ${message}`,
  );
const measures = (text: string, more = '') =>
  check(
    `measures:\n${text
      .trim()
      .split('\n')
      .map((line) => `  ${line.trim()}`)
      .join('\n')}\n${more}`,
  );

it('a company document with every supported key is valid', () => {
  const company = `
company: Maven Hardware
timeZone: America/Chicago
fiscalYear: { starts: 02-01, calendar: 4-4-5, week: Monday }
seasons: [ 20%, 20%, 20%, 40% ]
prorate: no
payDay: last day
stages: [ { name: Prospecting, probability: 10%, category: pipeline }, { name: Engaging, probability: 40%, category: best case } ]
fields: { cost: money, termMonths: number, goLive: date, strategic: yes/no }
measures:
  revenue: { counts: amount, of: deals }
  services: { counts: amount - cost, of: deals, reversals: undone, where: 'type in ["Service", ""] and not strategic', date: goLive }
  newLogos: { counts: 1, of: deals, where: type = "New" and account.segment = "Enterprise" }
  "big deals": { counts: 'if(amount >= 100000 USD, 1, 0)', of: deals }
  bookings: { is: revenue + services }
  all: { is: newLogos + "big deals" }`;
  expect(check(company)).toEqual([]);
});

describe('measures are refused at their place', () => {
  it('when a ratio is not of two measures that count', () => {
    const two = 'a: { counts: amount, of: deals }\nb: { counts: quantity, of: deals }\nretention: { is: a / b }\n';
    expect(measures(two)).toEqual([]);
    expect(measures(`${two}sum: { is: retention + b }`)).toEqual([
      'measures.sum.is [type] `retention` is a ratio, and ratios have no sum',
    ]);
    expect(measures(`${two}twice: { is: retention / b }`)).toEqual([
      'measures.twice.is [type] `retention` is a ratio itself: a ratio is of two measures that count money or a number',
    ]);
  });

  it('when their expressions make no sense', () => {
    expect(measures('a: { counts: ammount, of: deals }')).toEqual([
      'measures.a.counts [unknown-name] unknown name `ammount` (did you mean "amount"?), at character 1, in `ammount`',
    ]);
    expect(measures('a: { counts: type, of: deals }')).toEqual([
      'measures.a.counts [type] a measure counts money or a number, but `type` is a text',
    ]);
    expect(measures('a: { counts: amount, of: deals, where: amount }')).toEqual([
      'measures.a.where [type] expected a condition such as product = "X", but `amount` is money',
    ]);
    expect(measures('a: { counts: amount, of: deals, where: my.team = "x" }')).toEqual([
      'measures.a.where [unknown-name] unknown field `my.team`, at character 1, in `my.team = "x"`',
    ]);
    expect(
      measures(
        'a: { counts: amount, of: payments, date: paid, where: deal.amount > 1000 }\nb: { counts: quantity, of: items }\nc: { counts: 1, of: activities, date: date }',
      ),
    ).toEqual([]);
    expect(measures('a: { counts: amount, of: deals, date: paid }')).toEqual([
      'measures.a.date [unknown-name] unknown field `paid` (known here: opened, closed)',
    ]);
    expect(measures('a: { counts: amount, of: deals, date: close }')).toEqual([
      'measures.a.date [unknown-name] unknown field `close` (did you mean "closed"?)',
    ]);
    expect(measures('a: { counts: amount, of: deals, date: type }')).toEqual([
      'measures.a.date [type] expected a date, but the field `type` is a text (known here: opened, closed)',
    ]);
    expect(measures('a: { counts: attainment(a), of: deals }')).toContain(
      'measures.a.counts [unknown-name] unknown measure `a`, at character 12, in `attainment(a)`',
    );
  });

  it('when a sum is none, or is not of one unit', () => {
    const base = 'revenue: { counts: amount, of: deals }\nlogos: { counts: 1, of: deals }\n';
    expect(
      measures(`${base}late: { counts: amount, of: deals, reversals: dated }\nb: { is: late }\na: { is: revenue + b }`),
    ).toEqual([
      'measures.a.is [value] the measures of a sum treat reversals alike, but those of `revenue` are undone and those of `b` dated',
    ]);
    expect(measures(`${base}a: { is: revenue + logos }`)).toEqual([
      'measures.a.is [type] a sum has one unit, but `revenue` counts money and `logos` a number',
    ]);
    expect(measures(`${base}a: { is: revenu + revenue }`)).toEqual([
      'measures.a.is [unknown-name] unknown measure `revenu` (did you mean "revenue"?), at character 1',
    ]);
    expect(measures(`${base}a: { is: revenue - revenue }`)).toEqual([
      'measures.a.is [value] `a` is a sum of measures such as revenue + services, or one ratio such as retained / renewable, not `revenue - revenue`',
    ]);
    expect(measures(`${base}a: { is: revenue + }`)).toEqual([
      'measures.a.is [syntax] expected a value, found the end, at character 10, in `revenue +`',
    ]);
  });

  it('when they go in a circle, once', () => {
    expect(measures('a: { is: b + c }\nb: { is: a + c }\nc: { counts: 1, of: deals }')).toEqual([
      'measures.a.is [cycle] `a` is made of itself: a → b → a',
    ]);
    expect(measures('a: { is: a }')).toEqual(['measures.a.is [cycle] `a` is made of itself: a → a']);
  });
});

it('unsupported keys and values without a meaning are rejected', () => {
  expect(
    check('ramp: { AE: [ 0%, 50% ] }\nprorate: by days\npayDay: 15 of the next month\nfields: { amount: money }'),
  ).toEqual([]);
  expect(check('fields: { amount: number, not: text }\nstages: [ { name: A }, { name: A } ]')).toEqual([
    'fields.amount [value] `amount` is a standard field of a deal and holds money, not a number',
    'fields.not [value] `not` is a word of the language and cannot name a field',
    'stages[1].name [value] the stage `A` appears twice',
  ]);
  expect(check('curency: EUR')).toEqual([
    'curency [unknown-key] unknown key "curency" in a company (did you mean "currency"?)',
  ]);
});
