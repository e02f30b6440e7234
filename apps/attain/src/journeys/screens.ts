import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bootCompany, root } from './booted.fixture.js';
import { launch, screensOf, settled, visit, type Visitor } from './browser.fixture.js';

/** Pictures of every screen of the demo, wide and narrow, light and dark: `npm run screens` writes docs/screens. */
const looks = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
] as const;

const demo = await bootCompany('demo');
const browser = await launch();
try {
  const into = join(root, 'docs', 'screens');
  await mkdir(into, { recursive: true });
  for (const look of looks) {
    for (const role of Object.keys(screensOf) as Visitor[]) {
      const { page, context } = await visit(browser, demo, role, look);
      for (const path of screensOf[role]) {
        await page.goto(`${demo.url}/app${path}`);
        await settled(page);
        const [, screen = '', detail] = path.split('/');
        const name = `${role}-${detail === undefined ? screen : screen.replace(/s$/, '')}-${look.width}-${look.scheme}`;
        await page.screenshot({ path: join(into, `${name}.png`) });
        console.log(name);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await demo.close();
}
