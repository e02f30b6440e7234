import { describe, expect, it } from '@jest/globals';
import { Story } from '../testing/story.js';

const reviewing = (within = '1 month') =>
  new Story()
    .person('ann', 'AE', '2025-01-01')
    .plan('AE', {
      corrections: { within, later: 'review' },
      components: [{ name: 'Commission', measure: 'revenue', rate: '10%' }],
    })
    .at('2025-01-10')
    .sold('ann', 'D1', 10000, '2025-01-10')
    .sold('ann', 'D2', 5000, '2025-01-20');
const statement = (story: Story, period: string) => story.history().statement({ participant: 'ann', period });
const lines = (story: Story, period: string) =>
  statement(story, period).lines.map(({ kind, for: concerns, payable, cause }) => [
    kind,
    concerns,
    payable,
    cause?.kind,
  ]);
const waiting = (story: Story, period: string) =>
  (statement(story, period).waiting ?? []).map(({ for: concerns, record, known, payable, cause }) => [
    concerns,
    record?.id,
    known,
    payable,
    cause.kind,
  ]);
const decide = (story: Story, type: 'LateChangeApproved' | 'LateChangeDismissed', nth = 0) => {
  const { cause, for: period } = story.history().waiting()[nth]!;
  return story.record(`review-${cause.event}~ann~${period}`, {
    type,
    data: { event: cause.event, participant: 'ann', period },
  });
};

describe('a change of a closed period', () => {
  it('is paid by itself up to the last day that the plan allows after the pay date, and waits from the next day on', () => {
    const cancelled = (day: string) =>
      reviewing()
        .close('2025-01')
        .at(`${day}T12:00:00.000Z`)
        .cancel('D2', '2025-01-30')
        .close('2025-02', `${day}T13:00:00.000Z`);
    expect(lines(cancelled('2025-02-28'), '2025-02')).toEqual([['difference', '2025-01', '-500.00', 'cancelled']]);
    const late = cancelled('2025-03-01');
    expect(statement(late, '2025-02')).toMatchObject({ payable: '0.00', earned: '0.00', lines: [] });
    expect(waiting(late, '2025-02')).toEqual([['2025-01', 'D2', '2025-03-01', '-500.00', 'cancelled']]);
  });
  it('that is late waits in every statement until it is approved, is paid once in the next one, and names its approval', () => {
    const story = reviewing()
      .close('2025-01')
      .at('2025-04-10')
      .cancel('D2', '2025-01-30')
      .close('2025-04')
      .close('2025-05');
    expect(waiting(story, '2025-05')).toEqual([['2025-01', 'D2', '2025-04-10', '-500.00', 'cancelled']]);
    decide(story.at('2025-06-02'), 'LateChangeApproved').close('2025-06').close('2025-07');
    expect(
      ['2025-04', '2025-05', '2025-06', '2025-07'].map((period) => [
        lines(story, period).length,
        waiting(story, period).length,
      ]),
    ).toEqual([
      [0, 1],
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
    expect(lines(story, '2025-06')).toEqual([['difference', '2025-01', '-500.00', 'cancelled']]);
    expect(statement(story, '2025-06').lines[0]!.trace.inputs.map(({ what }) => what)).toContain('approval');
  });
  it('that is dismissed counts as earned, and is never paid', () => {
    const story = decide(
      reviewing().close('2025-01').at('2025-04-10').cancel('D2', '2025-01-30'),
      'LateChangeDismissed',
    )
      .close('2025-04')
      .close('2025-05');
    expect([...lines(story, '2025-04'), ...lines(story, '2025-05'), ...waiting(story, '2025-05')]).toEqual([]);
    expect(story.history().earned({ participant: 'ann', period: '2025-01' }).amount.toString()).toBe('1000');
  });
  it('is decided apart from another change of the same record, and both parts stay what they were', () => {
    const story = reviewing()
      .close('2025-01')
      .at('2025-04-10')
      .reprice('D2', 8000)
      .close('2025-04')
      .at('2025-05-10')
      .reprice('D2', 6000)
      .close('2025-05');
    expect(waiting(story, '2025-05').map((one) => one[3])).toEqual(['300.00', '-200.00']);
    decide(story.at('2025-06-10'), 'LateChangeApproved', 1).close('2025-06');
    expect(lines(story, '2025-06')).toEqual([['difference', '2025-01', '-200.00', 'changed']]);
    expect(waiting(story, '2025-06').map((one) => one[3])).toEqual(['300.00']);
  });
  it('that became known in time waits for nobody, however late the next close is', () => {
    const story = reviewing()
      .close('2025-01')
      .at('2025-02-10')
      .cancel('D2', '2025-01-30')
      .close('2025-02', '2025-08-01T00:00:00.000Z');
    expect([waiting(story, '2025-02'), lines(story, '2025-02')]).toEqual([
      [],
      [['difference', '2025-01', '-500.00', 'cancelled']],
    ]);
  });
  it('that everybody knew at the close before is as late as the day on which it takes effect', () => {
    const known = (date: string, period: string) =>
      waiting(reviewing().cancel('D2', date).close('2025-01').close(period), period).length;
    expect([known('2025-02-20', '2025-02'), known('2025-03-20', '2025-03')]).toEqual([0, 1]);
  });
  it('is listed as an exception of the period that it concerns, and of no other', () => {
    const story = reviewing().close('2025-01').at('2025-04-10').cancel('D2', '2025-01-30');
    const codes = (period?: string) =>
      story
        .history()
        .exceptions(undefined, period === undefined ? {} : { period })
        .map(({ code, for: concerns, record }) => [code, concerns, record?.id]);
    expect(codes('2025-01')).toEqual([['LATE_CHANGE_REVIEW', '2025-01', 'D2']]);
    expect([codes().length, codes('2025-02').length]).toEqual([1, 0]);
    expect(story.history().exceptions({ known: '2025-04-01T00:00:00.000Z' })).toEqual([]);
  });
  it('of a plan without corrections is paid whenever it becomes known', () => {
    const story = new Story()
      .person('ann', 'AE', '2025-01-01')
      .plan('AE', { components: [{ name: 'Commission', measure: 'revenue', rate: '10%' }] })
      .at('2025-01-10')
      .sold('ann', 'D1', 10000, '2025-01-10');
    story.close('2025-01').at('2026-01-10').cancel('D1', '2025-01-30').close('2025-12', '2026-01-11T00:00:00.000Z');
    expect(lines(story, '2025-02')).toEqual([['difference', '2025-01', '-1000.00', 'cancelled']]);
  });
});
