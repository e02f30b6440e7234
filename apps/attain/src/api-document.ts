import { openApiOf, serve } from '@attain/service';
import { services } from './modules.js';

/** The OpenAPI document of all services, with the sign-in of the demo; it holds nothing of any company. */
export async function apiDocument(): Promise<object> {
  const settings = { EVENTS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' };
  const visitor = { participant: 'ann', name: 'Ann' };
  const demo = { company: 'Attain', rep: visitor, manager: visitor };
  const served = await serve(services, {
    name: 'API',
    topology: 'together',
    settings,
    environment: {},
    demo,
    signals: false,
    firstUser: false,
  });
  try {
    return openApiOf(served.app);
  } finally {
    await served.close();
  }
}
