import { Inject, Injectable } from '@nestjs/common';
import { type Clock, Refused } from '@attain/eventsourcing';
import { CLOCK, Jobs, type JobView, OutOfScope } from '@attain/service';
import type { Anchor } from './anchor.rules.js';
import { Verification } from './verification.js';
import type { LastVerification } from './verify.answers.js';

export type { LastVerification } from './verify.answers.js';

/** Verifications over HTTP: one runs at a time, and the report of the last is kept until the process ends. */
@Injectable()
export class VerificationJobs {
  private latest: { id: string; anchor: string } | undefined;
  private ended: LastVerification | undefined;

  constructor(
    @Inject(Verification) private readonly verification: Verification,
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Returns the running verification if it compares the same anchor. Refused VERIFICATION_RUNNING if it compares another anchor. */
  start(actor: string, anchor?: Anchor): JobView {
    const asked = JSON.stringify(anchor ?? null);
    const running = this.latest && this.jobs.view(this.latest.id);
    if (running?.state === 'running') {
      if (this.latest?.anchor === asked) return running;
      throw new Refused(
        'VERIFICATION_RUNNING',
        `The verification ${running.id} is running and compares another anchor: wait until it has ended, then start again.`,
        { job: running.id },
      );
    }
    const job = this.jobs.start(
      { kind: 'verification', title: 'Verification of the log', actor },
      async ({ progress, signal }) => {
        const report = await this.verification.run(progress, anchor === undefined ? [] : [anchor], signal);
        this.ended = { ...report, ended: this.clock() };
        return report;
      },
    );
    this.latest = { id: job.id, anchor: asked };
    return job;
  }

  /** Throws OutOfScope before the first has ended. */
  last(): LastVerification {
    if (this.ended === undefined)
      throw new OutOfScope(
        'No verification has ended since this process started: start one with POST /v1/verification.',
      );
    return this.ended;
  }
}
