import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plusMs } from '../../../src/core/clock.ts';
import { CONVERSATION_LIMITS, createPace, recent, TENANT_LIMITS, waitFor } from '../../../src/jobs/limits.ts';

const START = '2026-11-24T09:00:00.000Z';
const at = (ms: number): string => plusMs(START, ms);
const every = (count: number, ms: number): string[] => Array.from({ length: count }, (_, i) => at(i * ms));

test.each([
  ['nothing was sent yet', [], 0, 0],
  ['six in this second leave one', every(6, 10), 60, 0],
  ['seven in this second wait for the first to be a second old', every(7, 10), 100, 900],
  ['eight in two seconds wait for the first to be two seconds old', every(8, 200), 1_500, 500],
  ['sixty in thirty seconds wait for the first of them', every(60, 400), 23_700, 6_300],
  ['1,800 in an hour wait for the first of them', every(1_800, 1_000), 1_800_000, 1_800_000],
  ['what is older than every window counts no more', every(60, 10), 3_600_000, 0],
])('%s', (_, history, now, wait) => {
  expect(waitFor(history, at(now))).toBe(wait);
});

test('thirty in a second are all that a tenant takes', () => {
  expect(waitFor(every(29, 1), at(50), TENANT_LIMITS)).toBe(0);
  expect(waitFor(every(30, 1), at(50), TENANT_LIMITS)).toBe(950);
});

test('who waits as told never exceeds a window, and need not have waited longer', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 150 });
  fc.assert(
    fc.property(gaps, (pauses) => {
      const sent: string[] = [];
      let now = START;
      for (const pause of pauses) {
        now = plusMs(now, pause);
        const wait = waitFor(sent, now);
        if (wait > 1) expect(waitFor(sent, plusMs(now, wait - 1))).toBe(1);
        now = plusMs(now, wait);
        sent.push(now);
        for (const { most, ms } of CONVERSATION_LIMITS) {
          expect(sent.filter((each) => each > plusMs(now, -ms)).length).toBeLessThanOrEqual(most);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('what is forgotten changes no answer', () => {
  const history = every(100, 50_000);
  const now = at(100 * 50_000);
  expect(recent(history, now).length).toBeLessThan(history.length);
  expect(waitFor(recent(history, now), now)).toBe(waitFor(history, now));
});

test('a conversation that Teams asked to leave alone waits, and others do not', () => {
  const pace = createPace();
  pace.hold('hospice', 4_000, START);
  expect(pace.wait('nhs', 'hospice', at(1_000))).toBe(3_000);
  expect(pace.wait('nhs', 'prime', at(1_000))).toBe(0);
  expect(pace.wait('nhs', 'hospice', at(4_000))).toBe(0);
});

test('the tenant is full when its conversations together are', () => {
  const pace = createPace();
  for (let i = 0; i < 30; i++) pace.take('nhs', `channel ${i}`, START);
  expect(pace.wait('nhs', 'another', at(400))).toBe(600);
  expect(pace.wait('council', 'another', at(400))).toBe(0);
});

test('a place counts from when it was taken, then from when its message went, and not at all when none did', () => {
  const pace = createPace();
  const places = Array.from({ length: 7 }, () => pace.take('nhs', 'hospice', START));
  expect(pace.wait('nhs', 'hospice', at(100))).toBe(900);
  for (const place of places.slice(1)) place.went(at(500));
  places[0]?.end();
  expect(pace.wait('nhs', 'hospice', at(600))).toBe(0);
  pace.take('nhs', 'hospice', at(600)).went(at(700));
  for (const place of places) place.end();
  expect(pace.wait('nhs', 'hospice', at(1_000))).toBe(500);
});
