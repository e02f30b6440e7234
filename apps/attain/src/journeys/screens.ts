import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type DemoRole, demoFolder, root, scratch } from './company.fixture.js';
import { launch, screensOf, settled, visit } from './browser.fixture.js';
import { serveFolder } from '../serve-folder.js';

/** Pictures of every screen of the demo, wide and narrow, light and dark: `npm run screens` writes docs/screens. */
const looks = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
] as const;

const place = await scratch();
const { served } = await serveFolder({
  folder: demoFolder,
  settings: { DATA: place.path, PORT: '0', LOG_LEVEL: 'silent' },
  environment: {},
  print: () => undefined,
});
const browser = await launch();
try {
  const into = join(root, 'docs', 'screens');
  await mkdir(into, { recursive: true });
  for (const look of looks) {
    for (const role of Object.keys(screensOf) as DemoRole[]) {
      const { page, context } = await visit(browser, served.url, role, look);
      for (const path of screensOf[role]) {
        await page.goto(`${served.url}/app${path}`);
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
  await served.close();
  await place.gone();
}
