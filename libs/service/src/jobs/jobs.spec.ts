import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Refused } from '@attain/eventsourcing';
import { createLog } from '../log.js';
import { Malformed } from '../problem.js';
import { starting } from '../testing/started.fixture.js';
import { Jobs, type JobView } from './jobs.js';

const quiet = createLog('test', 'silent');
const start = { kind: 'import', title: 'Deals of the CRM', actor: 'demo:finance' };
const create = () => new Jobs(() => '2025-01-01T00:00:00.000Z', { STOP_SECONDS: 5 }, quiet);
/** Something that a test decides the end of. */
function gate<T = void>() {
  let open: (value: T) => void = () => undefined;
  const passed = new Promise<T>((resolve) => (open = resolve));
  return { passed, open };
}

describe('a job', () => {
  it('answers at once and reports its progress', async () => {
    const jobs = create();
    const half = gate();
    const rest = gate();
    const { id, state } = jobs.start(start, async ({ progress }) => {
      progress(500, 1000);
      half.open();
      await rest.passed;
      return { rows: 1000 };
    });
    expect(state).toBe('running');
    await half.passed;
    expect(jobs.view(id)).toMatchObject({
      state: 'running',
      done: 500,
      total: 1000,
      percent: 50,
      secondsLeft: expect.any(Number),
    });
    rest.open();
    expect(await jobs.over(id)).toMatchObject({
      state: 'finished',
      percent: 100,
      secondsLeft: 0,
      result: { rows: 1000 },
      problem: null,
    });
  });

  it('names its running part, and keeps its result so far when it is stopped', async () => {
    const jobs = create();
    const { id } = jobs.start(start, async ({ progress, report, signal }) => {
      progress(1, 2, 'people');
      report({ people: 3 });
      progress(1, 2);
      jobs.cancel(id);
      signal.throwIfAborted();
    });
    const seen: (string | null)[] = [];
    jobs.changes(id)!.subscribe(({ doing }) => seen.push(doing));
    expect(await jobs.over(id)).toMatchObject({ state: 'cancelled', doing: null, result: { people: 3 } });
    expect(seen).toEqual([null, 'people', 'people', 'people', null]);
  });

  it('of another process is shown in its last state, and continues here', async () => {
    const before = create();
    const { id } = before.start(start, () => Promise.reject(new Refused('NO_SOURCE', 'There is no source crm.')));
    const view = (await before.over(id))!;
    const jobs = create();
    jobs.adopt(view, async () => 'done');
    expect(jobs.view(id)).toEqual(view);
    jobs.resume(id);
    expect(await jobs.over(id)).toMatchObject({ state: 'finished', result: 'done', started: view.started });
  });

  it('has no percent before a total is known, and never more than 100', async () => {
    const jobs = create();
    const seen: (number | null | undefined)[] = [];
    const { id } = jobs.start(start, async ({ id: own, progress }) => {
      for (const [done, total] of [
        [5, 0],
        [0, 10],
        [12, 10],
      ] as const) {
        progress(done, total);
        seen.push(jobs.view(own)?.percent);
      }
    });
    await jobs.over(id);
    expect(seen).toEqual([null, 0, 100]);
  });

  it('states the reason of a refusal, but not of an unexpected error', async () => {
    const jobs = create();
    const refused = jobs.start(start, () => Promise.reject(new Refused('NO_SOURCE', 'There is no source crm.')));
    const broken = jobs.start(start, () => Promise.reject(new Error('777123.45 is not a date')));
    expect(await jobs.over(refused.id)).toMatchObject({
      state: 'failed',
      problem: { code: 'NO_SOURCE', detail: 'There is no source crm.' },
    });
    const malformed = jobs.start(start, () =>
      Promise.reject(new Malformed([{ field: 'files', message: 'deals.csv row 3: expected 4 cells, found 2' }])),
    );
    expect(await jobs.over(malformed.id)).toMatchObject({
      problem: {
        code: 'MALFORMED',
        detail: 'The request is malformed: files: deals.csv row 3: expected 4 cells, found 2',
        errors: [{ field: 'files', message: 'deals.csv row 3: expected 4 cells, found 2' }],
      },
    });
    expect(await jobs.over(broken.id)).toMatchObject({ state: 'failed', problem: { code: 'INTERNAL' } });
    expect(JSON.stringify(jobs.view(broken.id))).not.toContain('777123');
  });

  it('is cancelled, and goes on when resumed', async () => {
    const jobs = create();
    const running = gate();
    let written = 0;
    const { id } = jobs.start(start, async ({ signal }) => {
      running.open();
      while (written < 100 && !signal.aborted) {
        written += 1;
        await new Promise(setImmediate);
      }
      signal.throwIfAborted();
      return written;
    });
    await running.passed;
    jobs.cancel(id);
    expect(await jobs.over(id)).toMatchObject({ state: 'cancelled', problem: null });
    expect(written).toBeLessThan(100);
    jobs.resume(id);
    expect(await jobs.over(id)).toMatchObject({ state: 'finished', result: 100 });
    expect(() => jobs.resume(id)).toThrow('The job is finished.');
    expect(() => jobs.cancel(id)).toThrow('finished already');
  });

  it('is one of eight at most', async () => {
    const jobs = create();
    const end = gate();
    for (let n = 0; n < 8; n += 1) jobs.start(start, () => end.passed);
    expect(() => jobs.start(start, () => end.passed)).toThrow(expect.objectContaining({ code: 'JOBS_BUSY' }));
    end.open();
    await Promise.all(jobs.list().map(({ id }) => jobs.over(id)));
    expect(jobs.start(start, () => end.passed).state).toBe('running');
  });

  it('of one name runs once', async () => {
    const jobs = create();
    const end = gate();
    jobs.start({ ...start, id: 'nightly' }, () => end.passed);
    expect(() => jobs.start({ ...start, id: 'nightly' }, () => end.passed)).toThrow(
      expect.objectContaining({ code: 'JOB_RUNNING' }),
    );
    end.open();
    await jobs.over('nightly');
    expect(jobs.start({ ...start, id: 'nightly' }, () => end.passed).state).toBe('running');
  });

  it('ends when the process stops', async () => {
    const jobs = create();
    const { id } = jobs.start(
      start,
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopping')))),
    );
    await new Promise(setImmediate);
    await jobs.beforeApplicationShutdown();
    expect(jobs.view(id)?.state).toBe('cancelled');
  });
});

describe('a job over HTTP', () => {
  const serving = starting();

  it('is followed, as a view and as a stream that ends with it', async () => {
    const served = await serving();
    const finance = await served.as('finance');
    const rest = gate();
    const { id } = served.get(Jobs).start(start, async ({ progress }) => {
      progress(1, 4);
      await rest.passed;
      progress(4, 4);
    });
    const view = await finance.get(`/jobs/${id}`).expect(200);
    expect(view.body).toMatchObject({ id, kind: 'import', percent: 25 });
    const following = finance.get(`/jobs/${id}/events`).expect(200);
    setTimeout(rest.open, 20);
    const { text, headers } = await following;
    expect(headers['content-type']).toContain('text/event-stream');
    const states = text
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => (JSON.parse(line.slice(6)) as JobView).state);
    expect(states.at(-1)).toBe('finished');
  });

  it('is hidden from callers who neither started it nor see everybody', async () => {
    const served = await serving();
    const { id } = served.get(Jobs).start({ ...start, actor: 'user:robot' }, async () => undefined);
    await (await served.as('rep')).get(`/jobs/${id}`).expect(403);
    await (await served.as('auditor')).get(`/jobs/${id}`).expect(200);
    await (await served.as('auditor')).post(`/jobs/${id}/cancel`).expect(403);
    await (await served.as('finance')).get('/jobs/unknown').expect(404);
    await (await served.as('finance')).get('/jobs/unknown/events').expect(404);
  });
});
