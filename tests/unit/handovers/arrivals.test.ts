import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyAgreement } from '../../../src/agreement/apply.ts';
import { systemChance } from '../../../src/core/chance.ts';
import { type Instant, plusMs } from '../../../src/core/clock.ts';
import { arrivalsOf } from '../../../src/handovers/arrivals.ts';
import { Content } from '../../../src/handovers/handover.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import { wire } from '../../../src/wire.ts';
import { riverside } from '../agreement/demo.ts';

const PATHWAY = 'riverside';
const BEGIN = '2026-11-16T09:00:00.000Z';
const HOUR_MS = 60 * 60_000;
const terms = riverside();
const example = JSON.parse(
  readFileSync(new URL('../../../infra/demo/examples/01-hospice-at-home.json', import.meta.url), 'utf8'),
);

/** A pathway on a clock that stands where it is told. */
async function begun() {
  let now: Instant = BEGIN;
  let keys = 0;
  const store = openEmbedded({ path: ':memory:' });
  const clock = { now: () => now, sleep: async () => undefined };
  const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
  await applyAgreement({ store, run: wired.run }, terms, { system: 'operator' }, { yes: true });
  return {
    store,
    at: (hours: number): Instant => {
      now = plusMs(BEGIN, hours * HOUR_MS);
      return now;
    },
    offers: async (from: string, complete: boolean) => {
      keys += 1;
      const { content } = example.body;
      const ask = { ...content.ask, neededBy: plusMs(now, 8 * HOUR_MS) };
      const plan = { ...content.plan, nextReview: plusMs(now, 48 * HOUR_MS).slice(0, 10) };
      const whole = { ...content, ask, plan };
      const said = Content.parse(complete ? whole : { ...whole, risk: {} });
      const offer = { from, to: 'st-annes', content: said };
      const key = { idempotencyKey: `k${keys}`, bodyHash: `b${keys}` };
      return wired.handovers.offer({ kind: 'partner', partner: from }, PATHWAY, offer, key);
    },
  };
}

describe('how referrals arrive', () => {
  it('is counted by who sent them, in any stretch of time, and adds up', async () => {
    const offers = fc.array(
      fc.record({
        hour: fc.integer({ min: 1, max: 200 }),
        from: fc.constantFrom('riverside-general', 'northside', 'harbour'),
        complete: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    let counted = 0;
    await fc.assert(
      fc.asyncProperty(offers, fc.tuple(fc.nat(200), fc.nat(200)), async (all, [one, other]) => {
        const pathway = await begun();
        for (const { hour, from, complete } of all.toSorted((a, b) => a.hour - b.hour)) {
          pathway.at(hour);
          await pathway.offers(from, complete);
        }
        const [first = 0, last = 0] = [one, other].sort((a, b) => a - b);
        const stretch = { after: pathway.at(first), upTo: pathway.at(last) };
        const found = await arrivalsOf(pathway.store, PATHWAY, terms, stretch);
        const within = all.filter(({ hour }) => hour > first && hour <= last);
        for (const { from, offered, complete } of found) {
          const theirs = within.filter((offer) => offer.from === from);
          expect({ offered, complete }).toEqual({
            offered: theirs.length,
            complete: theirs.filter((offer) => offer.complete).length,
          });
        }
        expect(found.reduce((sum, { offered }) => sum + offered, 0)).toBe(within.length);
        counted += within.length;
      }),
      { numRuns: 25 },
    );
    expect(counted).toBeGreaterThan(20);
  });
});
