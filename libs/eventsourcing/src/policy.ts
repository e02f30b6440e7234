import { decoded } from './codec.js';
import type { Decider } from './decider.js';
import type { Executor } from './execute.js';
import type { StoredEvent } from './events.js';
import {
  AppendTooLarge,
  ClockUntrusted,
  type Document,
  type ModelDeclaration,
  type ModelWriter,
  type ParkedEvent,
  type Span,
  StoreFull,
  Transient,
  WrongRevision,
} from './ports.js';
import type { Decoded } from './projection.js';
import { follow, type Running, type RunningParts } from './run-projection.js';
import { checkSpan } from './span.rules.js';
import { checkStanding, sealFor } from './standing.js';

/** A command that follows from an event. Each of several commands of one stream has its own append, in their order. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- deciders of several kinds share one list
export interface Reaction<D extends Decider<any, any, any> = Decider<any, any, any>> {
  decider: D;
  id: string;
  command: Parameters<D['decide']>[0];
}
/**
 * Event → commands of the same service. An event may arrive again, so each command must change nothing the second time.
 * A throw, or a refusal, parks the event and later events of its stream.
 */
export interface Policy<E extends { type: string; data: unknown }> {
  name: string;
  /** A higher version handles everything from the beginning again. */
  version: number;
  categories: readonly string[];
  react(event: Decoded<E>): Promise<readonly Reaction[]> | readonly Reaction[];
}

/** Follows the bus. The policy stores its position in its own model, after its commands were executed. */
export async function runPolicy<E extends { type: string; data: unknown }>(
  policy: Policy<E>,
  parts: PolicyParts,
): Promise<Running> {
  const group = `${policy.name}@${policy.version}`;
  const declaration: ModelDeclaration = { name: policy.name, version: policy.version, indexes: [] };
  const writer = await parts.models.writer(declaration);
  await checkStanding(group, writer, parts.events);
  const runner = new PolicyRunner(policy, group, writer, parts);
  await runner.refresh();
  return follow(
    {
      group,
      categories: policy.categories,
      declaration,
      position: () => runner.position,
      stored: () => writer.position(),
      refresh: () => runner.inTurn(() => runner.refresh()),
      handle: (events, span) => runner.inTurn(() => runner.handle(events, span)),
      redrive: () => runner.inTurn(() => runner.redrive()),
    },
    parts,
  );
}

type PolicyParts = RunningParts & { executor: Executor };

/** A running policy: its position in the log, and the streams that it holds back. */
class PolicyRunner<E extends { type: string; data: unknown }> {
  position = 0n;
  private held = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly policy: Policy<E>,
    private readonly group: string,
    private readonly writer: ModelWriter<Document>,
    private readonly parts: PolicyParts,
  ) {}

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work, work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async act(stored: StoredEvent): Promise<void> {
    const reactions = await this.policy.react(decoded<E>(this.parts, stored));
    const context = { actor: `policy:${this.policy.name}`, correlation: stored.meta.correlation, causation: stored.id };
    for (let at = 0; at < reactions.length;) {
      const { decider } = reactions[at] as Reaction;
      const run = together(reactions, at);
      const failed = (await this.parts.executor.executeMany(decider, run, context)).find(
        (result) => result instanceof Error,
      );
      if (failed) throw failed;
      at += run.length;
    }
  }

  /** The parked event, if the policy cannot act on it; throws temporary errors. */
  private async actOrPark(stored: StoredEvent, holding: Set<string>): Promise<ParkedEvent | undefined> {
    let reason = 'waits behind a parked event of its stream';
    if (!holding.has(stored.stream)) {
      try {
        await this.act(stored);
        return undefined;
      } catch (error) {
        // A parked event would wait for a person, but a full engine accepts the event once there is room.
        if (
          error instanceof Transient ||
          error instanceof StoreFull ||
          error instanceof AppendTooLarge ||
          error instanceof WrongRevision ||
          error instanceof ClockUntrusted
        )
          throw error;
        reason = error instanceof Error ? error.message.slice(0, 2000) : String(error);
      }
    }
    holding.add(stored.stream);
    return {
      group: this.group,
      stream: stored.stream,
      key: null,
      position: stored.position,
      event: stored.id,
      type: stored.type,
      reason,
      at: this.parts.clock(),
    };
  }

  async handle(events: readonly StoredEvent[], span: Span): Promise<void> {
    if (span.through <= this.position) return;
    checkSpan(this.group, this.position, events, span);
    for (const event of events) {
      if (event.position <= this.position) continue;
      const parked = await this.actOrPark(event, this.held);
      const seal = await sealFor(this.group, event.position, this.parts.events);
      await this.writer.commit({
        after: this.position,
        position: event.position,
        seal,
        documents: new Map(),
        park: parked ? [parked] : [],
      });
      this.position = event.position;
    }
    if (this.position < span.through)
      await this.writer.commit({
        after: this.position,
        position: span.through,
        seal: await sealFor(this.group, span.through, this.parts.events),
        documents: new Map(),
      });
    this.position = span.through;
  }

  async refresh(): Promise<bigint> {
    this.position = await this.writer.position();
    this.held = new Set((await this.parts.models.parked(this.group)).map(({ stream }) => stream));
    return this.position;
  }

  async redrive(): Promise<{ redriven: number; parked: number }> {
    const waiting = await this.parts.models.parked(this.group);
    const holding = new Set<string>();
    let still = 0;
    for (const was of waiting) {
      const event = await this.parts.events.readAt(was.position);
      if (!event) throw new Error(`no event at position ${was.position}`);
      const parked = await this.actOrPark(event, holding);
      if (parked) still += 1;
      await this.writer.commit({
        after: this.position,
        position: this.position,
        documents: new Map(),
        ...(parked ? { park: [parked] } : { redriven: [was] }),
      });
    }
    this.held = holding;
    return { redriven: waiting.length - still, parked: still };
  }
}

/** The next reactions that fit into one call of the executor. */
function together(reactions: readonly Reaction[], from: number): readonly Reaction[] {
  const { decider } = reactions[from] as Reaction;
  const ids = new Set<string>();
  let to = from;
  for (; to < reactions.length; to += 1) {
    const next = reactions[to] as Reaction;
    if (next.decider !== decider || ids.has(next.id)) break;
    ids.add(next.id);
  }
  return reactions.slice(from, to);
}
