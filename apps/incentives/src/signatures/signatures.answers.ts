import { terms } from '@attain/service';
import { z } from 'zod';

export const SignatureDocument = z
  .object({
    participant: terms.participant,
    plan: terms.plan,
    version: terms.version,
    hash: terms.hash,
    signed: terms.moment,
    by: z.string().meta({ description: 'Who did it.', examples: ['user:fay'] }),
  })
  .meta({ id: 'Signature', description: 'Who signed which version, when.' });
export type SignatureDocument = z.infer<typeof SignatureDocument>;
