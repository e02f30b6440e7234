import { type Caller, routesOf, serve } from '@attain/service';
import { readDemo } from '../folder/demo.js';
import { readFolder } from '@attain/pipeline';
import { services } from '../modules.js';
import { asking } from './asking.fixture.js';
import { type Booted, demoToken, type DemoRole } from './company.fixture.js';

type Demo = Awaited<ReturnType<typeof readDemo>>['demo'];
const FIRST_PASSWORD = 'eleven cranes over the harbour';
const PASSWORD = 'a lantern behind nine windows';

/** A server at a URL, with the folder imported and its demo's months closed; ADMIN_SECRET creates users if it is no demo. */
export async function bootElsewhere(folder: string, url: string): Promise<Booted> {
  const { body } = await asking(url).post('/session/demo').send({ as: 'auditor', give: 'token' });
  const signsInAnybody = 'token' in (body as object);
  const metrics = signsInAnybody ? '/metrics' : '/metrics/pipeline';
  const users = signsInAnybody
    ? demoUsers(url)
    : madeUsers(url, process.env['ADMIN_SECRET'] ?? '', await demoOf(folder));
  return {
    url,
    imported: false,
    routes: await routesTogether(),
    ...users,
    async head() {
      const { text } = await asking(url).get(metrics).expect(200);
      return BigInt(/^attain_store_head_position (\d+)$/m.exec(text)![1]!);
    },
    close: async () => undefined,
  };
}

type Users = Pick<Booted, 'as' | 'token' | 'actorOf' | 'passwordOf'>;

function demoUsers(url: string): Users {
  const token: Users['token'] = async (who) => {
    if (typeof who !== 'string') throw new Error('a demo that is served elsewhere signs in its own roles only');
    return demoToken(url, who);
  };
  return {
    token,
    async as(who) {
      return asking(url, await token(who));
    },
    actorOf: (role) => `demo:${role}`,
  };
}

/** Users that the admin makes, each when it is first asked for. */
export function madeUsers(url: string, adminSecret: string, demo: Demo): Users {
  const tokens = new Map<string, Promise<string>>();
  let admin: Promise<string> | undefined;

  async function signedIn(name: string, password: string): Promise<string> {
    const { body } = await asking(url).post('/session').send({ name, password, give: 'token' }).expect(200);
    return (body as { token: string }).token;
  }
  async function made(name: string, { roles, participant, source }: Omit<Caller, 'actor' | 'name'>): Promise<string> {
    // Many sign-ins of one name at once look like guesses.
    const token = await (admin ??= signedIn('admin', adminSecret));
    await asking(url, token)
      .put(`/users/${name}`)
      .send({ roles, participant, source, password: FIRST_PASSWORD })
      .expect(200);
    const first = await signedIn(name, FIRST_PASSWORD);
    await asking(url, first).post('/session/password').send({ now: FIRST_PASSWORD, next: PASSWORD }).expect(204);
    return signedIn(name, PASSWORD);
  }
  function callerOf(role: DemoRole): Omit<Caller, 'actor' | 'name'> {
    const { participant } = role === 'rep' || role === 'manager' ? demo!.demo[role] : {};
    return { roles: [role], ...(participant !== undefined && { participant }) };
  }
  const nameOf = ({ roles, participant }: ReturnType<typeof callerOf>): string =>
    [...roles, participant].filter(Boolean).join('-');
  const token: Users['token'] = (who) => {
    const caller = typeof who === 'string' ? callerOf(who) : who;
    const name = nameOf(caller);
    // The first admin is there already.
    const known = tokens.get(name) ?? (name === 'admin' ? signedIn(name, adminSecret) : made(name, caller));
    tokens.set(name, known);
    return known;
  };
  return {
    token,
    async as(who) {
      return asking(url, await token(who));
    },
    actorOf: (role) => `user:${nameOf(callerOf(role))}`,
    async passwordOf(role) {
      await token(role);
      return { name: nameOf(callerOf(role)), password: PASSWORD };
    },
  };
}

export async function demoOf(folder: string): Promise<Demo> {
  const { contents } = await readFolder(folder);
  return (await readDemo(folder, contents!)).demo;
}

/** Every server has the same routes. */
export async function routesTogether(): Promise<Booted['routes']> {
  const settings = { EVENTS_URL: 'memory:', MODELS_URL: 'memory:', PORT: '0', LOG_LEVEL: 'silent' };
  const served = await serve(services, {
    name: 'routes',
    topology: 'together',
    settings,
    environment: {},
    signals: false,
    firstUser: false,
  });
  try {
    return routesOf(served.app);
  } finally {
    await served.close();
  }
}
