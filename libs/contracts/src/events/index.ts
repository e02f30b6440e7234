import { type ClockEvent, clockEvents } from './clock.js';
import type { EventType } from './event-type.js';
import { type IdentityEvent, identityEvents } from './identity.js';
import { type IncentivesEvent, incentivesEvents } from './incentives.js';
import { type KeyEvent, keyEvents } from './keys.js';
import { type PipelineEvent, pipelineEvents } from './pipeline.js';
import { type PlanningEvent, planningEvents } from './planning.js';

export * from './clock.js';
export * from './event-type.js';
export * from './identity.js';
export * from './incentives.js';
export * from './keys.js';
export * from './pipeline.js';
export * from './planning.js';
export * from './text.js';

export type AttainEvent = PlanningEvent | PipelineEvent | IncentivesEvent | IdentityEvent | KeyEvent | ClockEvent;

/** Every storable event type, by name. */
export const eventTypes: ReadonlyMap<string, EventType> = new Map(
  [...planningEvents, ...pipelineEvents, ...incentivesEvents, ...identityEvents, ...keyEvents, ...clockEvents].map(
    (type) => [type.type, type as EventType],
  ),
);

/** Decodes stored data of any known version into the current one; throws an Error with type and path on anything else. */
export function decodeEvent(type: string, version: number, data: unknown): AttainEvent {
  const known = eventTypes.get(type);
  if (!known) throw new Error(`unknown event type ${type}`);
  if (version < 1 || version > known.version)
    throw new Error(`${type} has versions 1 to ${known.version}, not ${version}`);
  const usual = version === known.version ? known.usual?.(data) : undefined;
  if (usual !== undefined) return { type, data: usual } as AttainEvent;
  const current = known.upcasts.slice(version - 1).reduce((older, upcast) => upcast(older), data);
  const parsed = known.schema.safeParse(current);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${type} v${version}: ${issue?.path.join('.') || 'data'}: ${issue?.message}`);
  }
  return { type, data: parsed.data } as AttainEvent;
}
