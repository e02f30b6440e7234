import { z } from 'zod';
import { type EventOf, eventType } from './event-type.js';
import { instantText } from './text.js';

/**
 * `clock-main`: a person says that the clock is right, after it was ahead or behind. `before` is the latest instant that the log had by
 * then, `after` the clock's. What stands before the event was known by `after`; instants go on from there. Who and why: actor and reason.
 */
export const clockAccepted = eventType(
  'clock',
  'ClockAccepted',
  z.strictObject({ before: instantText, after: instantText }),
);

export const clockEvents = [clockAccepted] as const;
export type ClockEvent = EventOf<(typeof clockEvents)[number]>;
