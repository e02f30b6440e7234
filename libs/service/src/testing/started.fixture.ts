import { afterAll, afterEach } from '@jest/globals';
import type { Setting } from '../config.js';
import type { DemoRole } from '../identity/demo.js';
import { serve, type Served, type ServedModules, type ServeOptions } from '../serve.js';
import { type Agent, agentOf } from './agent.js';
import { checkedAgent } from './checked-answers.js';
import { DealsModule } from './deals.fixture.js';

const demo = {
  company: 'Maven <Hardware>',
  rep: { participant: 'ann', name: 'Ann' },
  manager: { participant: 'max', name: 'Max' },
};

export interface Started extends Served {
  /** The lines for the person who starts the server. */
  printed: string[];
  logged(): string;
  anonymous: Client;
  /** A client that carries the token of a demo session. */
  as(role: DemoRole): Promise<Client>;
}
type Client = Pick<Agent, 'get' | 'post' | 'put' | 'delete'>;

type Start = { demo?: boolean; settings?: Partial<Record<Setting, string>>; modules?: ServedModules } & Pick<
  ServeOptions,
  'links' | 'clock' | 'secondClock' | 'facts'
>;

/** Starts services on loopback and in memory; they are closed after each test or after the tests of the file. */
export function starting(closed: 'each' | 'all' = 'each'): (options?: Start) => Promise<Started> {
  const running: Served[] = [];
  (closed === 'each' ? afterEach : afterAll)(async () => {
    await Promise.all(running.splice(0).map((served) => served.close()));
  });

  return async ({ settings, modules = [DealsModule], demo: withDemo = true, ...rest } = {}) => {
    const printed: string[] = [];
    let lines = '';
    const served = await serve(modules, {
      name: 'test',
      topology: 'together',
      settings: { EVENTS_URL: 'memory:', BUS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', ...settings },
      environment: {},
      signals: false,
      print: (line) => printed.push(line),
      logTo: { write: (line: string) => void (lines += line) },
      ...(withDemo && { demo }),
      ...rest,
    });
    running.push(served);
    return {
      ...served,
      printed,
      logged: () => lines,
      anonymous: checkedAgent(served),
      as: async (role) => {
        const { body } = await agentOf(served.url).post('/session/demo').send({ as: role, give: 'token' }).expect(200);
        return checkedAgent(served, (body as { token: string }).token);
      },
    };
  };
}
