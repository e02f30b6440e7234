import { z } from 'zod';
import { topics } from './news.rules.js';

/** The body of a stream is no object that a method returns. */
export const LiveEvents = z.any().meta({
  type: 'string',
  description: `Server-sent events; the id is a position and the data is JSON: \`{ position, at, topics }\`. Topics: ${topics.join(', ')}.`,
  examples: ['id: 1042\ndata: {"position":"1042","at":"2025-01-31T12:00:00.000Z","topics":["deals","pay"]}\n\n'],
});
