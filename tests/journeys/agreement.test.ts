import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Agreement } from '../../src/agreement/agreement.ts';
import { applyAgreement } from '../../src/agreement/apply.ts';
import { createTurns } from '../../src/store/turn.ts';
import { wordsOn } from '../support/connector.ts';
import { PARTNERS, type Partners, reasonText } from '../support/partners.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { read, startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const scenes = new Map<Partners, Scene>();
for (const partners of PARTNERS) scenes.set(partners, await setScene(world, partners));

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

/** Puts other terms in force, as an operator beside the running process; seen within five seconds. */
async function agree(terms: Agreement): Promise<void> {
  const run = createTurns(world.store, clock);
  const applied = await applyAgreement(
    { store: world.store, run },
    terms,
    { system: 'operator' },
    { yes: true },
  );
  expect(applied.kind).toBe('applied');
  clock.pass(6_000);
}

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, terms, receiver, reasons } = partners;
  const { accepter, ours, offer } = scenes.get(partners) as Scene;
  const [key] = partners.accepter;
  const TENANT = accepter.who.tenant;

  it('asks today’s agreement who may answer: a leaver may not, whoever came since may', async () => {
    const { caseId, card } = await offer();
    const leaver = terms.people.find((person) => person.key === key);
    const newcomer = {
      key: 'newcomer',
      name: 'New Comer',
      accounts: [{ tenant: TENANT, objectId: 'object-of-newcomer' }],
      positions: leaver?.positions ?? [],
    };
    await agree({ ...terms, people: [...terms.people.filter((person) => person !== leaver), newcomer] });
    const refused = await accepter.presses(card, 'Accept');
    expect(read(refused)).toContain('not on a pathway');
    expect(read(await accepter.presses(card, 'View details'))).not.toContain('Margaret');
    const answer = await world.stranger('Newcomer', TENANT).presses(card, 'Accept');
    expect(wordsOn(answer.card)).toContain('Margaret Example');
    await connector.expectEdit(card, 'Accepted by New Comer');
    await connector.expect(ours, 'Accepted by New Comer');
    expect(await world.holder(pathway, caseId)).toBe(receiver);
    await agree(terms);
  });

  it('keeps the reasons that were agreed when an offer began, and has the new ones for the next', async () => {
    const before = await offer();
    const other = {
      code: 'newly-agreed',
      text: 'A reason agreed today',
      closes: true,
      firstRung: 'operational',
    } as const;
    const kept = terms.rejection.filter(({ code }) => code !== reasons.closes);
    await agree({ ...terms, rejection: [...kept, other] });
    const old = await accepter.presses(before.card, 'Reject');
    expect(wordsOn(old.card)).toContain(reasonText(partners, reasons.closes));
    expect(wordsOn(old.card)).not.toContain(other.text);
    const after = await offer();
    const fresh = await accepter.presses(after.card, 'Reject');
    expect(wordsOn(fresh.card)).toContain(other.text);
    expect(wordsOn(fresh.card)).not.toContain(reasonText(partners, reasons.closes));
    clock.pass(5_000);
    await accepter.presses(old, 'Reject', { inputs: { reason: reasons.closes, next: 'Nothing' } });
    await accepter.presses(fresh, 'Reject', { inputs: { reason: other.code, next: 'Nothing' } });
    for (const { card } of [before, after]) {
      await connector.expectEdit(card, 'Rejected: ');
      await connector.expect(ours, 'This reason closes the need');
    }
    await agree(terms);
  });
});
