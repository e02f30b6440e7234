import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Clock, EventStore } from '@attain/eventsourcing';
import {
  Alarms,
  CLOCK,
  CONFIG,
  type Config,
  EVENT_STORE,
  type FedHistory,
  HISTORY,
  TOPOLOGY,
  type Topology,
} from '@attain/service';
import { type Anchor, anchorFile, parseAnchor } from './anchor.rules.js';

/** Anchors of this company's log: written beside the data, and to the directory in ANCHORS. */
@Injectable()
export class Anchors implements OnApplicationBootstrap {
  private counted = { position: 0n, events: 0 };
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(HISTORY) private readonly history: FedHistory,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(TOPOLOGY) private readonly topology: Topology,
    @Inject(Alarms) private readonly alarms: Alarms,
  ) {}

  /** Only an anchor shows that a log was cut or replaced together with its read models. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.topology.guest) return;
    await this.compareKept().catch((error: Error) =>
      this.alarms.raise('ANCHOR', `The anchors could not be compared with the log: ${error.message}`),
    );
  }

  private async compareKept(): Promise<void> {
    for (const { file, anchor } of await this.kept()) {
      if ((await this.store.sealAt(BigInt(anchor.position))) === anchor.seal) continue;
      const ends = await this.store.head();
      const why =
        BigInt(anchor.position) > ends ? `the log ends at position ${ends}` : 'the log has another event there';
      return this.alarms.raise(
        'ANCHOR',
        `The log is not the one of the anchor ${file}: the anchor is at position ${anchor.position} (${anchor.reason}), but ${why}. Run attain verify.`,
      );
    }
  }

  /** The anchor of the present log. */
  async now(reason: string): Promise<Anchor> {
    const position = await this.store.head();
    const seal = (await this.store.sealAt(position)) ?? '0'.repeat(64);
    return {
      attain: 1,
      company: this.history.company().name,
      position: String(position),
      seal,
      events: await this.eventsUpTo(position),
      at: this.clock(),
      reason,
    };
  }

  /** Writes the anchor of a close, unless a stored anchor covers the close. Returns whether there is a place for anchors. */
  async keepClose(period: string, position: bigint): Promise<void> {
    const reason = `close ${period}`;
    for (const directory of this.directories()) {
      const kept = (await anchorsIn(directory)).filter(
        ({ anchor }) => anchor.reason === reason && BigInt(anchor.position) >= position,
      );
      const holds = await Promise.all(
        kept.map(async ({ anchor }) => (await this.store.sealAt(BigInt(anchor.position))) === anchor.seal),
      );
      if (!holds.includes(true)) await writeAnchor(join(directory), await this.now(reason));
    }
  }

  async kept(): Promise<{ file: string; anchor: Anchor }[]> {
    return (await Promise.all(this.directories().map(anchorsIn))).flat();
  }

  private directories(): string[] {
    const [, data] = /^sqlite:(?!:memory:)(.+)$/.exec(this.config.EVENTS_URL) ?? [];
    return [
      ...new Set([
        ...(data === undefined ? [] : [join(data, 'anchors')]),
        ...(this.config.ANCHORS === undefined ? [] : [this.config.ANCHORS]),
      ]),
    ];
  }

  /** Continues from the last count. */
  private eventsUpTo(position: bigint): Promise<number> {
    const counting = this.turn.then(async () => {
      if (position < this.counted.position) this.counted = { position: 0n, events: 0 };
      let { position: after, events } = this.counted;
      for await (const page of this.store.readAll({ after, upTo: position })) {
        events += page.length;
        after = page.at(-1)?.position ?? after;
      }
      this.counted = { position: after, events };
      return events;
    });
    this.turn = counting.catch(() => undefined);
    return counting;
  }
}

/** All of a directory, in the order of the log; throws Error on a file that cannot be read, naming it. */
export async function anchorsIn(directory: string): Promise<{ file: string; anchor: Anchor }[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(files.map((name) => readAnchor(join(directory, name))));
}

export async function readAnchor(file: string): Promise<{ file: string; anchor: Anchor }> {
  const text = await readFile(file, 'utf8');
  try {
    return { file, anchor: parseAnchor(text) };
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** Durable when it resolves, and whole or not there. */
export async function writeAnchor(directory: string, anchor: Anchor): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, anchorFile(anchor));
  await writeWhole(`${file}.new`, `${JSON.stringify(anchor, null, 2)}\n`);
  await rename(`${file}.new`, file);
  const entry = await open(directory, 'r');
  await entry.sync().finally(() => entry.close());
  return file;
}

async function writeWhole(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
