import type { EventMeta } from './events.js';
import type { Append } from './ports.js';

const CONTROLS = /[\u0000-\u001f]/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The checks that every store makes first: TypeError that names the stream. */
export function checkAppend({ stream, expected, events }: Append): void {
  if (stream.length === 0 || stream.length > 1000 || CONTROLS.test(stream) || !stream.isWellFormed())
    throw new TypeError(`not a stream's name: ${JSON.stringify(stream.slice(0, 100))}`);
  if (typeof expected === 'number' && !(Number.isSafeInteger(expected) && expected >= 0))
    throw new TypeError(`${stream}: not a revision: ${expected}`);
  if (events.length === 0) throw new TypeError(`${stream}: nothing to append`);
  let checked: EventMeta | undefined;
  for (const { id, type, meta } of events) {
    if (!id || !type) throw new TypeError(`${stream}: an event needs an id and a type`);
    if (meta !== checked && !INSTANT.test(meta.recorded))
      throw new TypeError(
        `${stream}: ${type}: recorded is an instant such as 2025-03-31T17:00:00.000Z, not ${meta.recorded}`,
      );
    checked = meta;
  }
}
