import { behaviour, refused } from '@attain/eventsourcing/testing';
import { describe, it } from '@jest/globals';
import { type SignatureCommand, signatureDecider, type SignatureEvent } from './signature.decider.js';

const { given } = behaviour(signatureDecider);
const sign: SignatureCommand = {
  do: 'sign',
  participant: 'ann',
  plan: 'AE',
  version: '1',
  hash: 'abc',
  read: undefined,
};
const signed: SignatureEvent = {
  type: 'PlanSigned',
  data: { participant: 'ann', plan: 'AE', version: '1', hash: 'abc' },
};

describe('A signature', () => {
  it('names the present version, and is recorded once', () => {
    given([]).when(sign).then([signed]);
    given([signed]).when(sign).then([]);
  });
  it('is recorded again if the version was published again with another content', () => {
    given([signed])
      .when({ ...sign, hash: 'xyz' })
      .then([{ ...signed, data: { ...signed.data, hash: 'xyz' } }]);
  });
  it('is refused for a version that does not exist, or that differs from the one that was read', () => {
    given([])
      .when({ ...sign, hash: undefined })
      .then(refused('PLAN_UNKNOWN'));
    given([])
      .when({ ...sign, read: 'xyz' })
      .then(refused('HASH_DIFFERS'));
    given([])
      .when({ ...sign, read: 'abc' })
      .then([signed]);
  });
});
