import { EVENT_STORE, routesOf, Sessions } from '@attain/service';
import { serveFolder } from '../serve-folder.js';
import { bootApart } from './apart.fixture.js';
import { asking } from './asking.fixture.js';
import { type Booted, demoToken } from './company.fixture.js';
import { bootElsewhere } from './elsewhere.fixture.js';

export { type Booted, demoFolder, type DemoRole, demoToken, root, scratch, writeFolder } from './company.fixture.js';

/**
 * Serves a folder over loopback on ports of the system's choice: in this process, or with JOURNEYS=apart by processes of their own.
 * With a URL as JOURNEYS, it asks the server there.
 */
export function boot(folder: string, data: string): Promise<Booted> {
  const wiring = process.env['JOURNEYS'] ?? 'together';
  if (wiring.startsWith('http')) return bootElsewhere(folder, wiring);
  return wiring === 'apart' ? bootApart(folder, data) : bootTogether(folder, data);
}

export async function bootTogether(folder: string, data: string, port = '0'): Promise<Booted> {
  const settings = { DATA: data, PORT: port, LOG_LEVEL: 'silent' };
  const { served, imported } = await serveFolder({
    folder,
    settings,
    environment: {},
    signals: false,
    print: () => undefined,
  });
  const token: Booted['token'] = async (who) =>
    typeof who === 'string'
      ? demoToken(served.url, who)
      : (await served.app.get(Sessions, { strict: false }).begin({ actor: 'user:test', name: 'Test', ...who })).token;
  return {
    url: served.url,
    imported,
    routes: routesOf(served.app),
    token,
    async as(who) {
      return asking(served.url, await token(who));
    },
    actorOf: (role) => `demo:${role}`,
    head: () => served.get(EVENT_STORE).head(),
    close: () => served.close(),
  };
}
