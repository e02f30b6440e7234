import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { roles } from '@attain/service';
import { root } from '../journeys/company.fixture.js';
import { textOf } from './pages.fixture.js';

const page = textOf('docs/operate.md');
const firstCells = (heading: string) => {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell!);
};

describe('Operate', () => {
  it('has every setting, and no other', () => {
    const settings = [
      ...readFileSync(join(root, 'libs/service/src/config.ts'), 'utf8').matchAll(/^ {2}([A-Z][A-Z_]+): /gm),
    ].map(([, name]) => name!);
    expect(settings.length).toBeGreaterThan(20);
    expect(firstCells('Settings').sort()).toEqual([...new Set(settings)].sort());
  });

  it('has every role, and no other', () => {
    expect(firstCells('Users and roles').sort()).toEqual([...roles].sort());
  });

  it('has every metric of the product, and no other', () => {
    const metrics = [
      ...readFileSync(join(root, 'libs/service/src/platform/metrics.ts'), 'utf8').matchAll(/name: '(attain_[a-z_]+)'/g),
    ].map(([, name]) => name!);
    expect(
      firstCells('Health')
        .filter((cell) => cell.startsWith('attain_'))
        .sort(),
    ).toEqual(metrics.sort());
  });
});
