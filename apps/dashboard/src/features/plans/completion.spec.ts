import { describe, expect, it } from '@jest/globals';
import { documentSchemas } from '@attain/contracts';
import { aboutKey, placeAt, proposals, type Schema } from './completion.js';

const schema = documentSchemas().get('plan') as Schema;
/** The place of the sign | in a document. */
const at = (text: string) => {
  const lines = text.split('\n');
  const row = lines.findIndex((line) => line.includes('|'));
  const column = lines[row]!.indexOf('|');
  return placeAt(
    lines.map((line) => line.replace('|', '')),
    row,
    column,
  );
};
const labels = (text: string) => proposals(schema, at(text), { measure: ['revenue'] }).map(({ label }) => label);

describe('The editor of a plan', () => {
  it('proposes the keys of the document at its beginning', () => {
    expect(labels('pl|')).toEqual(expect.arrayContaining(['plan', 'version', 'components', 'examples']));
  });

  it('proposes the keys of a component in a list, also in one with the indentation of its key', () => {
    for (const text of [
      'components:\n  - name: Commission\n    |',
      'components:\n- name: Commission\n  m|',
      'components:\n  - |',
    ])
      expect([text, labels(text)]).toEqual([text, expect.arrayContaining(['measure', 'tiers', 'multiplier'])]);
  });

  it('proposes the keys of a tier inside braces', () => {
    const tiers = labels('components:\n  - name: Commission\n    tiers:\n      - { from: 0%, ra|');
    expect(tiers).toEqual(expect.arrayContaining(['from', 'rate', 'retroactive']));
    expect(tiers).not.toContain('components');
  });

  it('proposes the words that a key allows, and the measures of the company', () => {
    expect(labels('pays: |')).toEqual(['monthly', 'quarterly', 'yearly']);
    expect(labels('components:\n  - name: A\n    per: q|')).toContain('quarter');
    expect(labels('components:\n  - name: A\n    measure: |')).toContain('revenue');
  });

  it('replaces the word that has been begun, and no more', () => {
    expect(at('pays: mon|').from).toBe(6);
    expect(at('components:\n  - name: A\n    mea|').from).toBe(4);
    expect(at('effective: { fr|').from).toBe(13);
  });

  it('describes the key at the cursor', () => {
    const { path } = at('components:\n  - name: A\n    crossing: spl|');
    expect(path).toEqual(['components', 'crossing']);
    expect(aboutKey(schema, path)).toMatch(/crosses a tier/);
  });
});
