import type { EventOf, planSigned } from '@attain/contracts';
import { type Decider, Refused } from '@attain/eventsourcing';

export type SignatureEvent = EventOf<typeof planSigned>;
export interface SignatureCommand {
  readonly do: 'sign';
  readonly participant: string;
  readonly plan: string;
  readonly version: string;
  /** Hash of the present version; undefined: there is no such version. */
  readonly hash: string | undefined;
  /** The hash that the signer has read; undefined: the hash of the present version. */
  readonly read: string | undefined;
}
/** The hashes that a participant has signed of a plan. */
export type SignatureState = ReadonlySet<string>;

/** A signature names what was signed; a version is signed once. */
export const signatureDecider: Decider<SignatureState, SignatureCommand, SignatureEvent> = {
  category: 'signature',
  initial: new Set(),
  decide({ participant, plan, version, hash, read }, signed) {
    if (hash === undefined)
      throw new Refused('PLAN_UNKNOWN', `there is no version ${version} of the plan ${plan}`, { plan, version });
    if (read !== undefined && read !== hash)
      throw new Refused(
        'HASH_DIFFERS',
        `version ${version} of ${plan} has the hash ${hash}, not ${read}: read it again`,
        { plan, version, hash },
      );
    return signed.has(hash) ? [] : [{ type: 'PlanSigned', data: { participant, plan, version, hash } }];
  },
  evolve: (signed, { data }) => new Set([...signed, data.hash]),
};
