const text = { type: 'string' } as const;
const number = { type: 'number' } as const;
const orNull = (schema: object) => ({ oneOf: [schema, { type: 'null' }] });

/** A JobView in the API's description. */
export const jobSchema = {
  type: 'object',
  required: ['id', 'kind', 'title', 'actor', 'state', 'done', 'total', 'percent', 'secondsLeft', 'doing', 'started', 'ended', 'result', 'problem'],
  properties: {
    id: text,
    kind: text,
    title: text,
    actor: text,
    state: { type: 'string', enum: ['running', 'finished', 'failed', 'cancelled'] },
    done: number,
    total: number,
    percent: { ...orNull({ type: 'integer', minimum: 0, maximum: 100 }), description: 'Null before the total is known.' },
    secondsLeft: { ...orNull(number), description: 'At the speed so far.' },
    doing: { ...orNull(text), description: 'The part of the work that runs, where it has parts.' },
    started: text,
    ended: orNull(text),
    result: { description: 'What the work came to; of work with parts, what it has come to so far.' },
    problem: orNull({ type: 'object', required: ['code', 'detail'], properties: { code: text, detail: text, errors: { type: 'array', items: { type: 'object' } } } }),
  },
};
