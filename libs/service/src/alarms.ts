import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log } from './log.js';
import type { Alarm } from './answers/alarms.answers.js';

export type { Alarm } from './answers/alarms.answers.js';

/** Alarms of this process: each is written to the log when it is raised, and shown by /health/ready until it is over. */
@Injectable()
export class Alarms {
  private readonly raised = new Map<Alarm['code'], string>();

  constructor(@Inject(LOG) private readonly log: Log) {}

  raise(code: Alarm['code'], message: string): void {
    if (this.raised.get(code) !== message) this.log.error(message, { alarm: code });
    this.raised.set(code, message);
  }

  over(code: Alarm['code']): void {
    if (this.raised.delete(code)) this.log.info('An alarm is over', { alarm: code });
  }

  list(): Alarm[] {
    return [...this.raised].map(([code, message]) => ({ code, message }));
  }
}
