import { newUuid } from '@attain/values';
import { Refused } from './decider.js';
import type { EventMeta } from './events.js';
import { type EventStore, WrongRevision } from './ports.js';

/**
 * `request-<key>`: the record of a repeatable request. RequestClaimed contains the fingerprint of the request with this key; RequestAnswered
 * stores the answer if no event of the command's own stream does.
 */
export const REQUEST = 'request';

export type RequestAnswer =
  | {
      refused: { code: string; message: string; detail?: Readonly<Record<string, unknown>> };
      revision?: undefined;
      position?: undefined;
    }
  | { refused?: undefined; revision: number | 'none'; position: string };

type Keyed = EventMeta & { key: string; fingerprint: string };

/** Claims the key for this body. Returns the earlier answer, if there is one; throws Refused KEY_REUSED if another body has the key. */
export async function claimRequest(store: EventStore, meta: Keyed): Promise<RequestAnswer | undefined> {
  const stream = `${REQUEST}-${meta.key}`;
  try {
    await store.append({
      stream,
      expected: 'none',
      events: [{ id: newUuid(), type: 'RequestClaimed', version: 1, data: { fingerprint: meta.fingerprint }, meta }],
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
  }
  let answer: RequestAnswer | undefined;
  for await (const page of store.readStream(stream)) {
    for (const event of page) {
      if (event.type === 'RequestClaimed' && (event.data as { fingerprint: string }).fingerprint !== meta.fingerprint)
        throw new Refused('KEY_REUSED', `the idempotency key ${meta.key} was used for another request`, {
          key: meta.key,
        });
      if (event.type === 'RequestAnswered') answer = event.data as RequestAnswer;
    }
  }
  return answer;
}

/** Stores the answer, unless another process has stored one meanwhile: then returns that one. */
export async function answerRequest(store: EventStore, meta: Keyed, answer: RequestAnswer): Promise<void> {
  const data = answer.refused
    ? {
        refused: {
          code: answer.refused.code,
          message: answer.refused.message,
          ...(answer.refused.detail && { detail: answer.refused.detail }),
        },
      }
    : answer;
  try {
    await store.append({
      stream: `${REQUEST}-${meta.key}`,
      expected: 0,
      events: [{ id: newUuid(), type: 'RequestAnswered', version: 1, data, meta }],
    });
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
  }
}
