import { canonicalJson, newUuid, sha256, uuidOf } from '@attain/values';
import { type Decider, Refused } from './decider.js';
import type { EventMeta, NewEvent, StoredEvent } from './events.js';
import type { Context, Executor, ExecutorParts, Outcome } from './execute.js';
import { type Append, type Appended, WrongRevision } from './ports.js';
import { answerRequest, claimRequest, type RequestAnswer } from './requests.js';
import { Turns } from './turns.js';

const ATTEMPTS = 5;

type Unrecorded = { type: string; data: unknown };

/** The commands of one stream among many, by their indexes. */
interface OneStream {
  stream: string;
  past: readonly StoredEvent[];
  indexes: readonly number[];
  meta: EventMeta;
  context: Context;
  results: (Outcome | Error)[];
}

export function createExecutor(parts: ExecutorParts): Executor {
  return new StoreExecutor(parts);
}

class StoreExecutor implements Executor {
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: ExecutorParts) {}

  async execute<S, C, E extends Unrecorded>(
    decider: Decider<S, C, E>,
    id: string,
    command: C,
    context: Context,
  ): Promise<Outcome> {
    const stream = `${decider.category}-${id}`;
    const meta = metaOf(context, context.recorded ?? this.parts.clock());
    const { key } = context;
    if (key === undefined || context.dryRun === true)
      return this.inTurn(stream, () => this.once(decider, id, command, meta, context));

    const fingerprint = sha256(canonicalJson({ category: decider.category, id, command }));
    const keyed = { ...meta, key, fingerprint };
    const answered = await claimRequest(this.parts.store, keyed);
    if (answered) return repeat(stream, answered);
    return this.inTurn(stream, async () => {
      const answer = await this.once(decider, id, command, keyed, context).catch((error: unknown) => {
        if (error instanceof Refused) return error;
        throw error;
      });
      if (answer instanceof Refused) {
        await answerRequest(this.parts.store, keyed, {
          refused: { code: answer.code, message: answer.message, detail: answer.detail },
        });
        throw answer;
      }
      if (answer.events === 0)
        await answerRequest(this.parts.store, keyed, { revision: answer.revision, position: answer.position });
      return answer;
    });
  }

  async executeMany<S, C, E extends Unrecorded>(
    decider: Decider<S, C, E>,
    commands: readonly { id: string; command: C }[],
    context: Context,
  ): Promise<(Outcome | Error)[]> {
    const meta = metaOf(context, context.recorded ?? this.parts.clock());
    const results = new Array<Outcome | Error>(commands.length);
    const others = new Turns();
    let open = byStream(decider.category, commands);
    for (let attempt = 1; open.size > 0; attempt += 1) {
      const pasts = await this.parts.store.readStreams([...open.keys()]);
      const appends: Append[] = [];
      const pending: number[][] = [];
      for (const [stream, indexes] of open) {
        await others.next();
        const past = pasts.get(stream) ?? [];
        const events = this.decideInTurn(decider, commands, { stream, past, indexes, meta, context, results });
        if (events.length === 0) continue;
        appends.push({ stream, expected: past.at(-1)?.revision ?? 'none', events });
        pending.push(indexes);
      }

      const again = new Map<string, number[]>();
      if (context.dryRun === true) return results;
      const answers = appends.length === 0 ? [] : await this.parts.store.appendMany(appends);
      answers.forEach((answer, n) => {
        const { stream } = appends[n] as Append;
        const indexes = pending[n] as number[];
        if (!(answer instanceof WrongRevision)) settle(results, indexes, answer);
        else if (attempt < ATTEMPTS) again.set(stream, indexes);
        else for (const index of indexes) results[index] = answer;
      });
      open = again;
    }
    return results;
  }

  /** Decides the commands of one stream in order, each on the effects of the earlier ones; notes their outcomes and returns their events. */
  private decideInTurn<S, C, E extends Unrecorded>(
    decider: Decider<S, C, E>,
    commands: readonly { id: string; command: C }[],
    { stream, past, indexes, meta, context, results }: OneStream,
  ): NewEvent[] {
    const last = past.at(-1);
    let state = this.fold(decider, past);
    let revision = last?.revision ?? -1;
    const events: NewEvent[] = [];
    for (const index of indexes) {
      try {
        const { id, command } = commands[index] as { id: string; command: C };
        const decided = decider.decide(command, state);
        this.refuseOwnPay(decider, id, state, decided, context);
        const checked = decided.map((event, n) =>
          this.newEvent(event, meta, (json) =>
            uuidOf('event', `${stream}\n${revision + 1 + n}\n${event.type}\n${json}`),
          ),
        );
        for (const event of decided) state = decider.evolve(state, event);
        events.push(...checked);
        revision += checked.length;
        results[index] = {
          stream,
          revision: revision < 0 ? 'none' : revision,
          position: String(last?.position ?? 0n),
          events: decided.length,
          repeated: false,
        };
      } catch (error) {
        results[index] = error instanceof Error ? error : new Error(String(error));
      }
    }
    return events;
  }

  /** Commands of one stream wait for one another instead of racing for its revision. */
  private async inTurn<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(stream) ?? Promise.resolve()).then(work, work);
    this.turns.set(stream, turn);
    try {
      return await turn;
    } finally {
      if (this.turns.get(stream) === turn) this.turns.delete(stream);
    }
  }

  /** Checks events before they are stored permanently: JSON must be able to represent them, and their schema must accept them. */
  private newEvent({ type, data }: Unrecorded, meta: EventMeta, idOf: (json: string) => string): NewEvent {
    const version = this.parts.versionOf(type);
    const json = canonicalJson(data);
    this.parts.decode(type, version, data);
    return { id: idOf(json), type, version, data, meta, json };
  }

  private fold<S, C, E extends Unrecorded>(decider: Decider<S, C, E>, events: readonly StoredEvent[]): S {
    let state = decider.initial;
    for (const event of events)
      state = decider.evolve(state, this.parts.decode(event.type, event.version, event.data) as E);
    return state;
  }

  /** Nobody changes their own pay; a command that changes nothing affects nobody's pay. */
  private refuseOwnPay<S, C, E extends Unrecorded>(
    decider: Decider<S, C, E>,
    id: string,
    before: S,
    events: readonly E[],
    { self = [] }: Context,
  ): void {
    if (self.length === 0 || events.length === 0 || !decider.concerned) return;
    const after = events.reduce((state, event) => decider.evolve(state, event), before);
    for (const name of decider.concerned({ id, before, after })) {
      if (self.includes(name))
        throw new Refused('OWN_PAY', `This bears on your own pay (${name}); somebody else must do it.`, { name });
    }
  }

  private async once<S, C, E extends Unrecorded>(
    decider: Decider<S, C, E>,
    id: string,
    command: C,
    meta: EventMeta,
    context: Context,
  ): Promise<Outcome> {
    const stream = `${decider.category}-${id}`;
    for (let attempt = 1; ; attempt += 1) {
      const past: StoredEvent[] = [];
      for await (const page of this.parts.store.readStream(stream)) past.push(...page);
      const first =
        meta.key === undefined
          ? []
          : past.filter((event) => event.meta.key === meta.key && event.meta.fingerprint === meta.fingerprint);
      if (first.length > 0) return outcomeOf(stream, first.at(-1), first.length, true);
      const state = this.fold(decider, past);
      const events = decider.decide(command, state);
      this.refuseOwnPay(decider, id, state, events, context);
      const last = past.at(-1);
      if (events.length === 0 || context.dryRun === true) return outcomeOf(stream, last, events.length, false);
      try {
        const appended = await this.parts.store.append({
          stream,
          expected: last?.revision ?? 'none',
          events: events.map((event) => this.newEvent(event, meta, newUuid)),
        });
        return outcomeOf(stream, appended, events.length, false);
      } catch (error) {
        if (!(error instanceof WrongRevision) || attempt === ATTEMPTS) throw error;
      }
    }
  }
}

function byStream(category: string, commands: readonly { id: string }[]): Map<string, number[]> {
  const indexes = new Map<string, number[]>();
  commands.forEach(({ id }, index) => {
    const stream = `${category}-${id}`;
    const found = indexes.get(stream);
    if (found) found.push(index);
    else indexes.set(stream, [index]);
  });
  return indexes;
}

/** The last position of the append is the position of all its commands, because by then each of them is stored. */
function settle(results: (Outcome | Error)[], indexes: readonly number[], appended: Appended): void {
  const position = String(appended.position);
  for (const index of indexes) {
    const result = results[index];
    if (result && !(result instanceof Error)) result.position = position;
  }
}

function metaOf(context: Context, recorded: string): EventMeta {
  const meta: EventMeta = { actor: context.actor, correlation: context.correlation, recorded };
  if (context.causation !== undefined) meta.causation = context.causation;
  if (context.reason !== undefined) meta.reason = context.reason;
  if (context.effective !== undefined) meta.effective = context.effective;
  if (context.key !== undefined) meta.key = context.key;
  return meta;
}

function outcomeOf(
  stream: string,
  last: { revision: number; position: bigint } | undefined,
  events: number,
  repeated: boolean,
): Outcome {
  return { stream, revision: last?.revision ?? 'none', position: String(last?.position ?? 0n), events, repeated };
}

function repeat(stream: string, answer: RequestAnswer): Outcome {
  if (answer.refused) throw new Refused(answer.refused.code, answer.refused.message, answer.refused.detail);
  return { stream, revision: answer.revision, position: answer.position, events: 0, repeated: true };
}
