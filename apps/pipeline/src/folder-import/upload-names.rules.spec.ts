import { describe, expect, it } from '@jest/globals';
import { isHidden, plainName, refusedName } from './upload-names.rules.js';

describe('A path in an upload', () => {
  it.each([
    'company.yaml',
    'exports/deals.csv',
    'exports/2025 Q1 (neu).csv',
    'exports/a..csv',
    'exports/Übersicht.csv',
    'a/b/c/d/e/f/g/h.csv',
  ])('may be %j', (path) => {
    expect(refusedName(path)).toBeUndefined();
  });

  it.each([
    '../x',
    'exports/../../x',
    '..',
    '/etc/passwd',
    'C:/x',
    'c:x',
    '\\\\host\\x',
    'exports\\..\\x',
    'a//b',
    'a/./b',
    '',
    'a\u0000b',
    'a\nb',
    'a\u202eb',
    'a/b/c/d/e/f/g/h/i.csv',
    'x'.repeat(241),
  ])('is refused as %j', (path) => {
    expect(refusedName(path)).toEqual(expect.any(String));
  });

  it('is named without what archives put around it', () => {
    expect(['./company.yaml', '././exports/', 'exports/deals.csv', './'].map(plainName)).toEqual([
      'company.yaml',
      'exports',
      'exports/deals.csv',
      '',
    ]);
    expect(['.git/config', 'exports/.DS_Store', 'exports/a.csv', '../x'].map(isHidden)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
