import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { engineVersion, packedFacts, StoredFacts } from '@attain/compensation';
import { eventTypes } from '@attain/contracts';
import { type EventStore, inTurns, Turns } from '@attain/eventsourcing';
import { canonicalJson, FIRST_RECORDABLE, LAST_RECORDABLE, type LocalDate, sha256 } from '@attain/values';
import type { FedHistory } from '../fed-history.js';
import type { Log } from '../log.js';
import { readSegment, type Segment, Unusable, writeSegment } from './segment-file.js';

/** The part of the log that a history has read. */
export interface Heard {
  position: bigint;
  /** The latest instant of the log up to there. */
  known: string;
  /** The first and the last date in the facts up to there. */
  from: LocalDate;
  to: LocalDate;
  /** The number of facts in the history. */
  facts: number;
}
export const NOTHING_HEARD: Heard = { position: 0n, known: '', from: LAST_RECORDABLE, to: FIRST_RECORDABLE, facts: 0 };

export interface SnapshotLimits {
  /** The number of facts in a full segment, which is never written again. */
  whole: number;
  /** The number of new facts that justify a write. */
  least: number;
  /** The number of new facts that are written even while more arrive; also the most that are written at a stop. */
  most: number;
  atStop: number;
  /** Milliseconds without a new fact. */
  quiet: number;
  /** The bytes that must stay free on the disk, because the log needs them more. */
  room: number;
}
const LIMITS: SnapshotLimits = {
  whole: 65_536,
  least: 5_000,
  most: 1_048_576,
  atStop: 262_144,
  quiet: 2_000,
  room: 64 * 2 ** 20,
};
/** Milliseconds of packing before other requests get their turn. */
const TURN = 5;
const FORMAT = 1;
const versions = sha256(
  canonicalJson([FORMAT, engineVersion, [...eventTypes.values()].map(({ type, version }) => `${type}@${version}`)]),
);

export interface SnapshotParts {
  /** The directory of the files; absent to store none. */
  directory: string | undefined;
  /** Of the facts that the history holds. */
  categories: readonly string[];
  store: Pick<EventStore, 'head' | 'sealAt'>;
  history: Pick<FedHistory, 'restore' | 'factsBetween' | 'settle'>;
  log: Pick<Log, 'info' | 'warn'>;
  limits?: Partial<SnapshotLimits>;
}

/**
 * Stores the facts of a history in files, so that a start reads them instead of the log. The files are derived from the
 * log: each has the log's position and seal, and is ignored if the log has another seal there. Facts are in segments;
 * `facts-P.bin` begins after position P, and only the last one is written again.
 */
export class FactsSnapshot {
  private readonly parts: SnapshotParts;
  private readonly limits: SnapshotLimits;
  /** The beginning of the unfinished segment, the end of the stored facts, and the end of the read facts. */
  private begun = NOTHING_HEARD;
  private stored = NOTHING_HEARD;
  private newest = NOTHING_HEARD;
  /** The ends of full segments that are not stored yet. */
  private ends: Heard[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private isFed = false;
  private isStopping = false;
  /** The positions after which this log's files begin. */
  private readonly files = new Set<bigint>();
  private failed: string | undefined;
  /** Texts that repeat in several segments. */
  private readonly texts = new Map<string, string>();

  constructor(parts: SnapshotParts) {
    this.parts = parts;
    this.limits = { ...LIMITS, ...parts.limits };
  }

  /** Loads the facts of this log's files into the history; returns how far they go. */
  async restore(): Promise<Heard> {
    const { directory, history, log } = this.parts;
    if (directory === undefined) return NOTHING_HEARD;
    const turns = new Turns();
    try {
      let next = this.read(0n);
      if ((await next) === undefined && (await this.parts.store.head()) > 0n)
        log.info('There is no snapshot of facts yet; the log is read');
      for (let segment = await next; segment !== undefined; segment = await next) {
        const { position, known, from, to, facts } = segment.stamp;
        // The disk reads on while these facts are loaded.
        next = this.read(position);
        next.catch(() => undefined);
        for (const page of new StoredFacts(segment.facts, this.texts).entries()) {
          history.restore(page);
          await turns.next();
        }
        const heard = { position, known, from, to, facts: this.stored.facts + facts };
        this.files.add(segment.stamp.after);
        this.begun = facts < this.limits.whole ? this.stored : heard;
        this.stored = heard;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('The snapshot of facts is not used from here on; the log is read, and the snapshot is written anew', {
        after: String(this.stored.position),
        reason,
      });
    }
    const { position, facts } = (this.newest = this.stored);
    if (facts > 0) log.info('Facts were read from the snapshot', { facts, position: String(position) });
    return this.newest;
  }

  /** The history has read more facts; they are stored soon, in the background. */
  heard(heard: Heard): void {
    this.newest = heard;
    if (heard.facts - (this.ends.at(-1) ?? this.begun).facts >= this.limits.whole) this.ends.push(heard);
    this.plan();
  }

  /** The history has read everything that the log had at the start; from now on new facts are stored. */
  fed(): void {
    this.isFed = true;
    this.plan();
  }

  /** Stores new facts, unless they are many; the next process then stores them in the background. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.writing;
    if (this.fresh() >= this.limits.least && this.fresh() <= this.limits.atStop) await this.write(() => false);
  }

  private fresh(): number {
    return this.parts.directory === undefined ? 0 : this.newest.facts - this.stored.facts;
  }

  private plan(): void {
    if (!this.isFed || this.isStopping || this.fresh() < this.limits.least) return;
    if (this.fresh() >= this.limits.most && this.timer !== undefined) this.begin();
    else if (this.timer === undefined) this.timer = setTimeout(() => this.begin(), this.limits.quiet).unref();
    else this.timer.refresh();
  }

  private begin(): void {
    if (this.isStopping || this.writing !== undefined) return;
    this.writing = this.write(() => this.isStopping).finally(() => {
      this.writing = undefined;
      if (this.failed === undefined) this.plan();
    });
  }

  private async write(isOver: () => boolean): Promise<void> {
    try {
      await mkdir(this.parts.directory!, { recursive: true, mode: 0o700 });
      for (let end = this.ends[0]; end !== undefined && !isOver(); end = this.ends[0]) {
        if (!(await this.store(end))) return;
        this.begun = end;
        this.ends.shift();
      }
      if (this.ends.length === 0 && this.fresh() > 0) await this.store(this.newest);
      await this.tidy();
      this.failed = undefined;
      if (this.stored === this.newest)
        this.parts.log.info('The snapshot of facts was written', {
          facts: this.stored.facts,
          position: String(this.stored.position),
        });
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      if (this.failed !== reason)
        this.parts.log.warn('The snapshot of facts could not be written; the next start reads the log', { reason });
      this.failed = reason;
    }
  }

  private async store(end: Heard): Promise<boolean> {
    const { categories, store, history } = this.parts;
    const { position, known, from, to } = end;
    const seal = await store.sealAt(position);
    if (seal === undefined) return false;
    const facts = history.factsBetween(this.begun.position, position);
    const packed = await inTurns(packedFacts(facts), new Turns(TURN));
    const { bavail, bsize } = await statfs(this.parts.directory!);
    if (bavail * bsize < packed.byteLength + this.limits.room)
      throw new Error('the disk is almost full, and its room is the log’s');
    const stamp = {
      versions,
      categories: [...categories],
      after: this.begun.position,
      position,
      seal,
      facts: facts.length,
      known,
      from,
      to,
    };
    await writeSegment(this.file(stamp.after), { stamp, facts: packed });
    if (facts.length >= this.limits.whole) history.settle(stamp.after, new StoredFacts(packed, this.texts));
    this.files.add(stamp.after);
    this.stored = end;
    return true;
  }

  /** Throws Unusable with the reason that a segment does not belong to this log's facts. */
  private async read(after: bigint): Promise<Segment | undefined> {
    const { categories, store } = this.parts;
    const segment = await readSegment(this.file(after));
    if (segment === undefined) return undefined;
    const { stamp } = segment;
    if (stamp.versions !== versions) throw new Unusable('it was written by another version');
    if (canonicalJson(stamp.categories) !== canonicalJson([...categories]))
      throw new Unusable('it holds facts of other categories');
    if (stamp.after !== after || stamp.position <= after)
      throw new Unusable(`it begins after position ${stamp.after}, expected ${after}`);
    const head = await store.head();
    if (stamp.position > head)
      throw new Unusable(
        `it ends at position ${stamp.position}, and the log at ${head}: the log was restored or exchanged`,
      );
    if ((await store.sealAt(stamp.position)) !== stamp.seal)
      throw new Unusable(`the log has another seal at position ${stamp.position}: the snapshot is of another log`);
    return segment;
  }

  /** Removes the remains of an interrupted write and segments with other boundaries. */
  private async tidy(): Promise<void> {
    const { directory } = this.parts;
    for (const name of await readdir(directory!)) {
      const [, begin] = /^facts-(\d+)\.bin$/.exec(name) ?? [];
      const isLeft = begin === undefined ? /^facts-\d+\.bin\.\w+\.tmp$/.test(name) : !this.files.has(BigInt(begin));
      if (isLeft) await rm(join(directory!, name), { force: true });
    }
  }

  private file(after: bigint): string {
    return join(this.parts.directory!, `facts-${after}.bin`);
  }
}
