import { beforeAll, describe, expect, test } from 'vitest';
import type { EventDoc } from '../../src/core/change.ts';
import { check, type Evidence } from '../torture/rungs/check.ts';
import { type Run, rungs } from '../torture/rungs.ts';

describe('processes on one database that are killed and paused while cases climb', () => {
  let run: Run;
  beforeAll(async () => {
    const lines: string[] = [];
    run = await rungs({
      seed: 20_261_124,
      faster: 15,
      phases: [
        { processes: 2, ms: 5_000 },
        { processes: 3, ms: 5_000 },
      ],
      everyMs: 350,
      say: (line) => void lines.push(line),
    });
    console.log(lines.join('\n'));
  }, 180_000);

  test('raise each rung once and in time, and ask nobody twice without saying so', () => {
    expect(run.broken).toEqual([]);
    expect(run.blows.kills + run.blows.pauses).toBeGreaterThan(1);
    expect(run.takeovers).toBeGreaterThan(0);
    expect(run.rungs).toBeGreaterThan(10);
    expect(run.prompts).toBeGreaterThan(10);
    expect(run.inTime.count + run.late.count).toBeGreaterThan(10);
  });

  /** The evidence with the events of each case changed. */
  const events = (change: (events: readonly EventDoc[]) => EventDoc[]): Partial<Evidence> => ({
    cases: new Map(
      [...run.evidence.cases].map(([id, one]) => [id, { ...one, events: change(one.events) }] as const),
    ),
  });
  const moved = (event: EventDoc, ms: number): EventDoc => ({
    ...event,
    recordedAt: new Date(Date.parse(event.recordedAt) + ms).toISOString(),
  });
  const isAgain = ({ type, data }: EventDoc): boolean =>
    type === 'escalation.raised' && data.because === 'unanswered';

  test.each<[string, () => Partial<Evidence>, RegExp]>([
    [
      'a rung is missing',
      () => events((all) => all.filter((one) => !isAgain(one))),
      /did not come|its number is not/,
    ],
    [
      'a rung is raised twice',
      () => events((all) => all.flatMap((one) => (isAgain(one) ? [one, one] : [one]))),
      /0 prompts were due that it follows/,
    ],
    [
      'a rung comes before its time',
      () => events((all) => all.map((one) => (isAgain(one) ? moved(one, -60_000) : one))),
      /0 prompts were due that it follows/,
    ],
    [
      'a rung comes late',
      () => ({ service: { ...run.evidence.service, longest: () => 60_000 } }),
      /came late in 60000 ms of one holder/,
    ],
    [
      'the lease is free while somebody could take it',
      () => ({ service: { ...run.evidence.service, longest: (what) => (what === 'ran' ? 60_000 : 0) } }),
      /nobody held the lease for 60000 ms/,
    ],
    [
      'a prompt comes twice without a mark',
      () => ({ prompts: run.evidence.prompts.flatMap((one) => [one, { ...one, isRepeat: false }]) }),
      /came twice without a mark/,
    ],
    [
      'a prompt is marked although its outcome was known',
      () => ({ prompts: run.evidence.prompts.map((one) => ({ ...one, isRepeat: true })) }),
      /is marked, and its outcome was known/,
    ],
    [
      'no prompt comes',
      () => ({ prompts: [], service: { ...run.evidence.service, longest: () => 60_000 } }),
      /never came/,
    ],
    [
      'somebody is asked after an accept',
      () => ({
        prompts: run.evidence.prompts.map((one) => ({
          ...one,
          post: { ...one.post, came: run.evidence.real(run.evidence.ends) + 60_000 },
        })),
      }),
      /ms after it was accepted/,
    ],
  ])('and it would be told if %s', (_, planted, says) => {
    const { broken } = check({ ...run.evidence, ...planted() });
    expect(broken.some((line) => says.test(line))).toBe(true);
  });
});
