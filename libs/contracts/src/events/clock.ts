import { z } from 'zod';
import { type EventOf, eventType } from './event-type.js';
import { instantText } from './text.js';

/**
 * `clock-main`: a person accepts the clock, after it was ahead or behind. `before` is the latest instant in the log at that time,
 * `after` the clock's. All earlier events were known by `after`; instants continue from there. Who and why: actor and reason.
 */
export const clockAccepted = eventType(
  'clock',
  'ClockAccepted',
  z.strictObject({ before: instantText, after: instantText }),
);

export const clockEvents = [clockAccepted] as const;
export type ClockEvent = EventOf<(typeof clockEvents)[number]>;
