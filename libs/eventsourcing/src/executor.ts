import { canonicalJson, newUuid, sha256, uuidOf } from '@attain/values';
import { type Decider, Refused } from './decider.js';
import type { EventMeta, NewEvent, StoredEvent } from './events.js';
import type { Context, Executor, ExecutorParts, Outcome } from './execute.js';
import { type Append, type Appended, WrongRevision } from './ports.js';
import { answerRequest, claimRequest, type RequestAnswer } from './requests.js';
import { Turns } from './turns.js';

const ATTEMPTS = 5;

type Told = { type: string; data: unknown };

export function createExecutor(parts: ExecutorParts): Executor {
  const { store, clock, versionOf, decode } = parts;
  const turns = new Map<string, Promise<unknown>>();

  /** Commands of one stream wait for one another instead of racing for its revision. */
  async function inTurn<T>(stream: string, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(stream) ?? Promise.resolve()).then(work, work);
    turns.set(stream, turn);
    try {
      return await turn;
    } finally {
      if (turns.get(stream) === turn) turns.delete(stream);
    }
  }

  /** What a decider says is checked before it is stored for ever: JSON must be able to say it, and its schema to read it. */
  function newEvent({ type, data }: Told, meta: EventMeta, idOf: (json: string) => string): NewEvent {
    const version = versionOf(type);
    const json = canonicalJson(data);
    decode(type, version, data);
    return { id: idOf(json), type, version, data, meta, json };
  }

  function fold<S, C, E extends Told>(decider: Decider<S, C, E>, events: readonly StoredEvent[]): S {
    let state = decider.initial;
    for (const event of events) state = decider.evolve(state, decode(event.type, event.version, event.data) as E);
    return state;
  }

  /** Nobody changes own pay; a command that changes nothing is nobody's pay. */
  function refuseOwnPay<S, C, E extends Told>(
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

  async function once<S, C, E extends Told>(
    decider: Decider<S, C, E>,
    id: string,
    command: C,
    meta: EventMeta,
    context: Context,
  ): Promise<Outcome> {
    const stream = `${decider.category}-${id}`;
    for (let attempt = 1; ; attempt += 1) {
      const past: StoredEvent[] = [];
      for await (const page of store.readStream(stream)) past.push(...page);
      const first =
        meta.key === undefined
          ? []
          : past.filter((event) => event.meta.key === meta.key && event.meta.fingerprint === meta.fingerprint);
      if (first.length > 0) return outcomeOf(stream, first.at(-1), first.length, true);
      const state = fold(decider, past);
      const events = decider.decide(command, state);
      refuseOwnPay(decider, id, state, events, context);
      const last = past.at(-1);
      if (events.length === 0) return outcomeOf(stream, last, 0, false);
      try {
        const appended = await store.append({
          stream,
          expected: last?.revision ?? 'none',
          events: events.map((event) => newEvent(event, meta, newUuid)),
        });
        return outcomeOf(stream, appended, events.length, false);
      } catch (error) {
        if (!(error instanceof WrongRevision) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  return {
    async execute(decider, id, command, context) {
      const stream = `${decider.category}-${id}`;
      const meta = metaOf(context, context.recorded ?? clock());
      const { key } = context;
      if (key === undefined) return inTurn(stream, () => once(decider, id, command, meta, context));

      const fingerprint = sha256(canonicalJson({ category: decider.category, id, command }));
      const keyed = { ...meta, key, fingerprint };
      const answered = await claimRequest(store, keyed);
      if (answered) return repeat(stream, answered);
      return inTurn(stream, async () => {
        const answer = await once(decider, id, command, keyed, context).catch((error: unknown) => {
          if (error instanceof Refused) return error;
          throw error;
        });
        if (answer instanceof Refused) {
          await answerRequest(store, keyed, {
            refused: { code: answer.code, message: answer.message, detail: answer.detail },
          });
          throw answer;
        }
        if (answer.events === 0)
          await answerRequest(store, keyed, { revision: answer.revision, position: answer.position });
        return answer;
      });
    },

    async executeMany<S, C, E extends Told>(
      decider: Decider<S, C, E>,
      commands: readonly { id: string; command: C }[],
      context: Context,
    ) {
      const meta = metaOf(context, context.recorded ?? clock());
      const results = new Array<Outcome | Error>(commands.length);
      const others = new Turns();
      let open = new Map<string, number[]>();
      commands.forEach(({ id }, index) => {
        const stream = `${decider.category}-${id}`;
        const indexes = open.get(stream);
        if (indexes) indexes.push(index);
        else open.set(stream, [index]);
      });

      for (let attempt = 1; open.size > 0; attempt += 1) {
        const pasts = await store.readStreams([...open.keys()]);
        const appends: Append[] = [];
        const pending: number[][] = [];
        for (const [stream, indexes] of open) {
          await others.next();
          const past = pasts.get(stream) ?? [];
          const last = past.at(-1);
          let state = fold(decider, past);
          let revision = last?.revision ?? -1;
          const events: NewEvent[] = [];
          for (const index of indexes) {
            try {
              const { id, command } = commands[index] as { id: string; command: C };
              const told = decider.decide(command, state);
              refuseOwnPay(decider, id, state, told, context);
              const checked = told.map((event, n) =>
                newEvent(event, meta, (json) =>
                  uuidOf('event', `${stream}\n${revision + 1 + n}\n${event.type}\n${json}`),
                ),
              );
              for (const event of told) state = decider.evolve(state, event);
              events.push(...checked);
              revision += checked.length;
              results[index] = {
                stream,
                revision: revision < 0 ? 'none' : revision,
                position: String(last?.position ?? 0n),
                events: told.length,
                repeated: false,
              };
            } catch (error) {
              results[index] = error instanceof Error ? error : new Error(String(error));
            }
          }
          if (events.length > 0) {
            appends.push({ stream, expected: last?.revision ?? 'none', events });
            pending.push(indexes);
          }
        }

        const again = new Map<string, number[]>();
        const answers = appends.length === 0 ? [] : await store.appendMany(appends);
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
    },
  };
}

/** The append's last position stands for all of its commands: by then each of them is in. */
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
