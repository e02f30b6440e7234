import type { EventType } from './events/event-type.js';

const prefix = {
  default: 'attain',
  description: 'What sets the topics of one installation apart from those of others on the same broker.',
};
const kafka = { bindingVersion: '0.5.0' };
const kept = { 'cleanup.policy': ['delete'], 'retention.ms': -1 };

/** The AsyncAPI 3.0 document of the bus: each version of each event type is a message, because topics keep events as stored. */
export function asyncApi(types: readonly EventType[]): object {
  const events = types.flatMap(({ type, category, version }) =>
    Array.from({ length: version }, (_, older) => [`${type}.v${older + 1}`, eventMessage(type, category, older + 1)]),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Attain: events',
      version: '1.0.0',
      description:
        'What Attain publishes on its bus: every stored event at least once, in order within its stream, and the position that it has reached.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      events: {
        address: '{prefix}.events',
        description: 'Kept from the first event on. What arrives again has the same `ce_id` and `ce_position`.',
        parameters: { prefix },
        bindings: { kafka: { topicConfiguration: kept, ...kafka } },
        messages: Object.fromEntries(events) as object,
      },
      progress: {
        address: '{prefix}.progress',
        description: 'How far the relay has come.',
        parameters: { prefix },
        bindings: { kafka: { partitions: 1, topicConfiguration: kept, ...kafka } },
        messages: {
          progress: {
            title: 'Progress',
            contentType: 'application/json',
            payload: { $ref: './messages/progress.v1.schema.json' },
          },
        },
      },
    },
    operations: {
      tellEvents: {
        action: 'send',
        channel: { $ref: '#/channels/events' },
        summary: 'The relay publishes what is stored.',
      },
      tellProgress: {
        action: 'send',
        channel: { $ref: '#/channels/progress' },
        summary: 'The relay publishes the position that it has reached.',
      },
    },
  };
}

function eventMessage(type: string, category: string, version: number): object {
  return {
    name: type,
    title: `${type}, version ${version}`,
    contentType: 'application/json',
    headers: {
      type: 'object',
      allOf: [{ $ref: './messages/event-headers.v1.schema.json' }],
      properties: {
        ce_type: { const: type },
        ce_source: { const: `/${category}` },
        ce_dataversion: { const: String(version) },
      },
    },
    payload: { $ref: `./events/${type}.v${version}.schema.json` },
    bindings: { kafka: { key: { type: 'string', description: 'The stream.' }, ...kafka } },
  };
}
