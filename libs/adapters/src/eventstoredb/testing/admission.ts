import { timingSafeEqual } from 'node:crypto';
import { type Metadata, status } from '@grpc/grpc-js';
import { type Account, permits } from './access.js';
import type { Faults } from './faults.js';
import type { ServerLog } from './log.js';
import type { Guard } from './requests.js';
import { type Refusal, refusal } from './responses.js';

export const HOST = '127.0.0.1';

/** Identifies callers by their credentials; rejects wrong credentials, and calls by the faults. */
export class Admission {
  private readonly expected: Buffer | undefined;

  constructor(
    private readonly log: ServerLog,
    private readonly faults: Faults,
    private readonly known: { user: string; password: string; groups?: readonly string[] } | undefined,
  ) {
    this.expected = known && Buffer.from(`Basic ${Buffer.from(`${known.user}:${known.password}`).toString('base64')}`);
  }

  /** Of a listener: `authorized` where everybody is an administrator, as on a server that runs insecure. */
  guard(authorized: boolean, port: () => number): Guard {
    return {
      refuse: ({ metadata }) => this.refused(metadata, authorized, port()),
      permits: ({ metadata }, action, stream) =>
        permits(this.log, this.accountOf(metadata, authorized), action, stream),
    };
  }

  private isExpected(given: string | Buffer): boolean {
    const bytes = Buffer.from(given);
    return (
      this.expected !== undefined && bytes.length === this.expected.length && timingSafeEqual(bytes, this.expected)
    );
  }

  private accountOf(metadata: Metadata, authorized: boolean): Account | undefined {
    if (authorized) return { name: '', groups: ['$admins'] };
    return this.known && metadata.get('authorization').length > 0
      ? { name: this.known.user, groups: this.known.groups ?? ['$admins'] }
      : undefined;
  }

  private refused(metadata: Metadata, authorized: boolean, self: number): Refusal | undefined {
    if (this.faults.unavailable) return refusal(status.UNAVAILABLE, 'Server Is Not Ready');
    const given = metadata.get('authorization')[0];
    // A caller without credentials is anonymous; one with wrong credentials is rejected.
    if (!authorized && given !== undefined && !this.isExpected(given))
      return refusal(status.UNAUTHENTICATED, 'Access Denied', { exception: 'access-denied' });
    if (this.faults.notLeader <= 0) return undefined;
    this.faults.notLeader -= 1;
    return refusal(status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': HOST,
      'leader-endpoint-port': String(this.faults.leader || self),
    });
  }
}
