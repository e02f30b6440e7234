import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect, type Infra } from '@attain/adapters';
import { RowQueries } from '@attain/incentives';
import { createInstance, EVENT_STORE, type JobView, READ_MODELS } from '@attain/service';
import { canonicalJson } from '@attain/values';
import { writeCompany } from '../../src/bench/company.js';
import { repName } from '../../src/bench/generated.js';
import { root } from '../../src/journeys/booted.fixture.js';
import { services } from '../../src/modules.js';
import { sleep } from './rounds.js';
import { LAG_ZERO, ownUrls, type Urls } from './world.js';

const run = promisify(execFile);
const script = join(root, 'deploy/local/services');
const REPS = 8;
/** Commands of a round: fixed, because a slow machine must not get more work than a fast one. */
const COMMANDS = 30;
export const processes = ['planning', 'pipeline', 'incentives', 'forecasting', 'reporting', 'relay'] as const;
type Process = (typeof processes)[number];

/** A company that five services, the relay and the gateway serve as processes. */
export interface Company {
  /** Sends commands over several connections, each again with its key until it is acknowledged, until `over`; at most `COMMANDS`, and one at the end. */
  work(over: () => boolean): Promise<void>;
  /** Closes the next month while other commands are sent. */
  closeMonth(): Promise<void>;
  kill(name: Process): Promise<void>;
  /** Starts the processes that do not run, as an orchestrator does. */
  heal(): Promise<void>;
  /** Resolves when every lag is 0; rejects with the lags after a minute. */
  settled(): Promise<void>;
  /** The errors in commands and log after a fault, as sentences. */
  wrong(): Promise<string[]>;
  /** The same of the models, the lines and the statements, which takes several seconds. */
  wrongModels(): Promise<string[]>;
  acknowledged: ReadonlySet<string>;
  stop(): Promise<void>;
}

export async function startCompany(directory: string): Promise<Company> {
  const folder = join(directory, 'folder');
  const place = join(directory, 'processes');
  await mkdir(folder, { recursive: true });
  await writeCompany(folder, 100, REPS);
  const urls = ownUrls();
  const { stdout } = await run(script, ['start', place], {
    env: { ...process.env, EVENTS_URL: urls.events, BUS_URL: urls.bus, MODELS_URL: urls.models },
  });
  const environment = Object.fromEntries(
    [...stdout.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [name!, value!]),
  );
  await run(process.execPath, [join(root, 'apps/attain/dist/cli/main.js'), 'import', folder, '--engines'], {
    env: { ...process.env, ...environment },
  });

  const server = environment['ATTAIN_SERVER']!;
  const admin = await signIn(server, 'admin', environment['ADMIN_SECRET']!);
  const [finance, auditor] = [await userOf(server, admin, 'finance'), await userOf(server, admin, 'auditor')];
  const infra = await connect({ events: urls.events, models: urls.models });
  return new CompanyOfProcesses({ place, urls, server, finance, auditor }, infra);
}

/** Where the company is served, and the tokens of its users. */
interface Served {
  place: string;
  urls: Urls;
  server: string;
  finance: string;
  auditor: string;
}

class CompanyOfProcesses implements Company {
  readonly acknowledged = new Set<string>();
  private readonly refused: string[] = [];
  private next = 0;
  private months = 0;

  constructor(
    private readonly served: Served,
    private readonly infra: Infra,
  ) {}

  async work(over: () => boolean): Promise<void> {
    const end = this.next + COMMANDS;
    const lane = async (): Promise<void> => {
      while (!over()) {
        if (this.next < end) await this.order((this.next += 1));
        await sleep(300);
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    await this.order((this.next += 1));
  }

  async closeMonth(): Promise<void> {
    if (this.months < 12) await this.command(`/periods/2025-${String((this.months += 1)).padStart(2, '0')}/close`, {});
  }

  async kill(name: Process): Promise<void> {
    const pid = Number(readFileSync(join(this.served.place, `${name}.pid`), 'utf8'));
    process.kill(pid, 'SIGKILL');
    while (runs(pid)) await sleep(10);
  }

  async heal(): Promise<void> {
    await run(script, ['start', this.served.place]);
  }

  async settled(): Promise<void> {
    const until = performance.now() + LAG_ZERO;
    for (let lag = await this.lagging(); lag !== undefined; lag = await this.lagging()) {
      if (performance.now() > until) throw new Error(`the lag is not 0 after ${LAG_ZERO / 1000} s: ${lag}`);
      await sleep(100);
    }
  }

  async wrong(): Promise<string[]> {
    return [...this.refused, ...(await this.wrongLog())];
  }

  async stop(): Promise<void> {
    await this.infra.close();
    await run(script, ['stop', this.served.place]);
  }

  /** Sends a command with one key until it is answered, because connection, service or engines may fail. */
  private async command(path: string, body: unknown): Promise<void> {
    const key = randomUUID();
    const until = performance.now() + 4 * LAG_ZERO;
    let last = 'no answer';
    for (let attempt = 1; performance.now() < until; attempt += 1) {
      try {
        const answer = await fetch(`${this.served.server}/v1${path}`, {
          method: 'POST',
          headers: { ...JSON_BODY, 'Idempotency-Key': key, Authorization: `Bearer ${this.served.finance}` },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(LAG_ZERO),
        });
        if (answer.ok) return void this.acknowledged.add(key);
        const text = await answer.text();
        last = `${answer.status}: ${text.slice(0, 300)}`;
        if (answer.status < 500) return void this.refused.push(`${path} was refused with ${last}`);
      } catch (error) {
        // Without an answer its result is unknown.
        last = String(error);
      }
      await sleep(Math.min(1000, 50 * attempt));
    }
    this.refused.push(
      `${path} was not acknowledged in ${(4 * LAG_ZERO) / 1000} s; the last attempt ended with ${last}`,
    );
  }

  private order(n: number): Promise<void> {
    const month = String(1 + (n % 12)).padStart(2, '0');
    if (n % 5 === 0)
      return this.command('/quotas/assign', {
        for: repName(n % REPS),
        measure: 'revenue',
        period: `2025-${month}`,
        amount: String(100_000 + n),
      });
    return this.command(`/deals/manual/F${n}/win`, {
      closed: `2025-${month}-15`,
      fields: { owner: repName(n % REPS), amount: String(1000 + n) },
    });
  }

  private async lagging(): Promise<string | undefined> {
    for (const name of processes) {
      const answer = await fetch(`http://127.0.0.1:${portOf(this.served.place, name)}/health/ready`).catch(
        () => undefined,
      );
      const body = (await answer?.json().catch(() => undefined)) as
        { status: string; behind?: string; groups?: { behind: string }[] } | undefined;
      const behind = [body?.behind, ...(body?.groups ?? []).map((group) => group.behind)].filter(
        (one) => one !== undefined && one !== '0',
      );
      if (body?.status !== 'ready' || behind.length > 0) return `${name}: ${JSON.stringify(body ?? 'no answer')}`;
    }
    return undefined;
  }

  private async wrongLog(): Promise<string[]> {
    const wrong: string[] = [];
    const effects = new Set<string>();
    const keys = new Set<string>();
    for await (const page of this.infra.events.readAll()) {
      for (const { stream, type, meta } of page) {
        // A claimed key alone is no effect.
        if (!meta.key || type === 'RequestClaimed') continue;
        keys.add(meta.key.slice(meta.key.lastIndexOf('/') + 1));
        const once = `${meta.key} ${stream} ${type}`;
        if (effects.has(once)) wrong.push(`${type} of ${stream} happened twice for one key`);
        effects.add(once);
      }
    }
    for (const key of this.acknowledged) if (!keys.has(key)) wrong.push(`command ${key} was acknowledged, and is lost`);
    return wrong;
  }

  /** The same log, folded by one process that keeps everything in memory. */
  async wrongModels(): Promise<string[]> {
    const head = await this.infra.events.head();
    const embedded = await createInstance(services, {
      urls: { events: this.served.urls.events, bus: this.served.urls.events, models: 'memory:' },
      logLevel: 'silent',
    });
    try {
      await embedded.caughtUp();
      const wrong: string[] = [];
      if ((await embedded.get(EVENT_STORE).head()) !== head)
        wrong.push('the embedded instance had to do what the services left undone');
      const memory = embedded.get(READ_MODELS);
      for (const name of MODELS) {
        const [apart, together] = await Promise.all([this.infra.models.model(name).find(), memory.model(name).find()]);
        if (canonicalJson(apart) !== canonicalJson(together))
          wrong.push(`${name} is not what the log makes: ${apart.length} documents of ${together.length}`);
      }
      const parked = await this.infra.models.parked();
      if (parked.length > 0) wrong.push(`${parked.length} events are parked: ${parked[0]?.group} ${parked[0]?.reason}`);
      const lines = await (
        await succeeded(`${this.served.server}/v1/exports/lines.csv`, {
          headers: { Authorization: `Bearer ${this.served.finance}` },
        })
      ).text();
      if (lines !== (await embedded.get(RowQueries).lines(embedded.scope)))
        wrong.push('the lines are not those of the embedded instance');
      const verified = await verifiedBy(this.served.server, this.served.auditor);
      if (!(verified as { agrees: boolean }).agrees)
        wrong.push(`the recomputed statements differ: ${JSON.stringify(verified).slice(0, 500)}`);
      return wrong;
    } finally {
      await embedded.close();
    }
  }
}

/** A user of one role, who has chosen a password and signed in. */
async function userOf(server: string, admin: string, role: string): Promise<string> {
  const body = { roles: [role], password: 'eleven cranes over the harbour' };
  const next = 'a lantern behind nine windows';
  await succeeded(`${server}/v1/users/${role}`, {
    method: 'PUT',
    headers: { ...JSON_BODY, Authorization: `Bearer ${admin}` },
    body: JSON.stringify(body),
  });
  const first = await signIn(server, role, body.password);
  await succeeded(`${server}/v1/session/password`, {
    method: 'POST',
    headers: { ...JSON_BODY, Authorization: `Bearer ${first}` },
    body: JSON.stringify({ now: body.password, next }),
  });
  return signIn(server, role, next);
}

function portOf(place: string, name: Process): number {
  return Number(readFileSync(join(place, `${name}.port`), 'utf8'));
}

const JSON_BODY = { 'Content-Type': 'application/json' };
/** The projections of the five services. */
const MODELS = [
  'participants',
  'calendar-periods',
  'quotas',
  'quarantine',
  'accounts',
  'sources',
  'deals',
  'imports',
  'issued-statements',
  'plan-versions',
  'closed-periods',
  'accepted-exceptions',
  'board-deals',
  'sold-deals',
];

/** A killed process that is not reaped yet counts as ended. */
function runs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}

async function succeeded(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  return answer;
}

/** Starts a verification, follows it to its end, and returns its report. */
async function verifiedBy(server: string, token: string): Promise<unknown> {
  const headers = { ...JSON_BODY, Authorization: `Bearer ${token}` };
  let job = (await (
    await succeeded(`${server}/v1/verification`, { method: 'POST', headers, body: '{}' })
  ).json()) as JobView;
  while (job.state === 'running') {
    await sleep(200);
    job = (await (await succeeded(`${server}/v1/jobs/${job.id}`, { headers })).json()) as JobView;
  }
  if (job.state !== 'finished') throw new Error(`The verification was ${job.state}: ${job.problem?.detail}`);
  return job.result;
}

async function signIn(server: string, name: string, password: string): Promise<string> {
  const answer = await succeeded(`${server}/v1/session`, {
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify({ name, password, give: 'token' }),
  });
  return ((await answer.json()) as { token: string }).token;
}
