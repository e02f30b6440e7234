import { z } from 'zod';
import { dateText, idText, instantText, nameText } from './events/text.js';

const count = z.string().regex(/^\d{1,20}$/, 'expected a whole number as text');

/** Who, why and when of an event, as JSON in the header `ce_meta`. */
export const eventMeta = z.strictObject({
  actor: z.string(),
  correlation: z.string(),
  recorded: instantText,
  causation: z.string().optional(),
  reason: z.string().optional(),
  effective: dateText.optional(),
  key: z.string().optional(),
  fingerprint: z.string().optional(),
});

/**
 * Headers of an event on the bus: CloudEvents 1.0 in the binary mode of its Kafka binding, each value UTF-8 text. The key is
 * the stream, the value the event's data as JSON. A message may have further headers (tracing).
 */
export const eventHeaders = z.looseObject({
  'content-type': z.literal('application/json'),
  ce_specversion: z.literal('1.0'),
  ce_id: z.guid(),
  ce_type: nameText,
  ce_source: z
    .string()
    .regex(/^\/[^/]+$/)
    .describe('`/<category>` of the stream.'),
  ce_subject: idText.describe('The stream, as in the key.'),
  ce_time: instantText.describe('When it became known.'),
  ce_dataversion: count.describe('Version of the type, from 1.'),
  ce_revision: count.describe('Order within the stream, from 0.'),
  ce_position: count.describe('Order within the whole store, above 0.'),
  ce_meta: z
    .string()
    .meta({ contentMediaType: 'application/json', contentSchema: z.toJSONSchema(eventMeta, { io: 'input' }) }),
});

/**
 * The relay's progress: `count` events are after the position `after`, up to and including `through`. `ends` states the offset
 * of the last one for each partition that has any.
 */
export const progress = z.strictObject({
  after: count,
  through: count,
  count: z.int().nonnegative(),
  ends: z.record(count, count),
});
