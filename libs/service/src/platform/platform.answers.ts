import { z } from 'zod';
import { Alarm } from '../answers/alarms.answers.js';
import { terms } from '../answers/terms.js';

const ModelDifference = z
  .object({
    code: z
      .enum(['DIFFERS', 'MISSING', 'EXTRA'])
      .describe(
        'DIFFERS: the log gives another document. MISSING: the log gives one that is not there. EXTRA: it is there, and the log gives none.',
      ),
    key: z.string().describe('Null for a document that the log does not give.').nullable(),
    fields: z
      .array(z.string().meta({ description: 'A field.', examples: ['amount'] }))
      .describe('The fields that differ.'),
  })
  .meta({ id: 'ModelDifference', description: 'A document of a read model that differs from the log.' });
type ModelDifference = z.infer<typeof ModelDifference>;

export const ModelComparison = z
  .object({
    model: z.string().describe('`name@version`.'),
    position: terms.position,
    documents: z.int().describe('Documents that the log gives up to there.'),
    differences: z.array(ModelDifference),
  })
  .meta({ id: 'ModelComparison', description: 'A read model, compared with the log.' });
export type ModelComparison = z.infer<typeof ModelComparison>;

export const ProcessComparison = z
  .object({
    process: z.string().describe('The process that compared its own read models.'),
    models: z.array(ModelComparison),
    agrees: z.boolean().describe('No model differs from the log.'),
  })
  .meta({ id: 'ProcessComparison', description: 'Read models of a process, compared with the log.' });
export type ProcessComparison = z.infer<typeof ProcessComparison>;

export const Readiness = z
  .object({
    status: z.enum(['ready', 'behind', 'foreign models', 'not running']),
    groups: z
      .array(
        z.object({
          group: z.string().meta({ description: 'A consumer group: a read model or a policy.', examples: ['deals@3'] }),
          position: terms.position,
          behind: z.string().meta({ description: 'How many positions it is behind.', examples: ['0'] }),
          stopped: z.boolean().optional(),
          foreign: z
            .string()
            .meta({
              description: 'Why the model does not follow from this log.',
              examples: ['its last event is not in the log'],
            })
            .optional(),
        }),
      )
      .describe(
        'All when ready, else those that are late. `stopped`: events are missing; `foreign`: why the model does not follow from this log. Only a rebuild helps either.',
      ),
    alarms: z.array(Alarm).describe('What a person must act on while reads go on.').optional(),
  })
  .meta({ id: 'Readiness', description: 'Whether the process answers from current models.' });
export type Readiness = z.infer<typeof Readiness>;

export const ModelRow = z
  .object({
    group: z.string().meta({ description: 'A consumer group: a read model or a policy.', examples: ['deals@3'] }),
    position: terms.position,
    behind: z.string().meta({ description: 'How many positions it is behind.', examples: ['0'] }),
    state: z.enum(['current', 'behind', 'stopped', 'foreign']),
    reason: terms.reason.describe('Why the model does not follow from this log.').optional(),
  })
  .meta({ id: 'ModelRow', description: 'How far a read model or policy is.' });
export type ModelRow = z.infer<typeof ModelRow>;

export const Parked = z
  .object({
    type: z.string().meta({ description: 'The type.', examples: ['DealWon'] }),
    key: z
      .string()
      .describe(
        'The document that misses the event; null if the document is unknown, and then its stream is held back.',
      )
      .nullable(),
    at: terms.moment,
    reason: terms.reason,
    event: terms.event,
    group: z.string().meta({ description: 'A consumer group: a read model or a policy.', examples: ['deals@3'] }),
    stream: z.string().meta({ description: 'The stream of the event log.', examples: ['deal-crm:D1'] }),
    position: terms.position,
  })
  .meta({ id: 'ParkedEvent', description: 'An event that a projection or policy could not take.' });
export type Parked = z.infer<typeof Parked>;

export const Redriven = z
  .object({
    redriven: z.int().describe('Events that were taken now.'),
    parked: z.int().describe('Events that are parked still.'),
  })
  .meta({ id: 'Redriven', description: 'What came of trying parked events again.' });

export const Liveness = z
  .object({ status: z.string().meta({ description: 'The state of the process.', examples: ['live'] }) })
  .meta({ id: 'Liveness', description: 'The process answers.' });

export const Rebuilding = z
  .object({
    rebuilding: z
      .array(z.string().meta({ description: 'A read model.', examples: ['deals@3'] }))
      .describe('The read models that are built anew.'),
  })
  .meta({ id: 'Rebuilding', description: 'Read models that are built anew.' });
