import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Agreement, peopleInRole, staffName } from '../../src/agreement/agreement.ts';
import { meantBy, roleAt } from '../../src/agreement/sides.ts';
import { ROTA_CASE, ROTA_HEAD, type RotaDoc, rotaKey, type Shift } from '../../src/rota/rota.ts';
import { createTurns } from '../../src/store/turn.ts';
import { type Post, wordsOn } from '../support/connector.ts';
import { named, PARTNERS, type Partners } from '../support/partners.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const scenes = new Map<Partners, Scene>();
for (const partners of PARTNERS) scenes.set(partners, await setScene(world, partners));

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

/** Puts shifts into the rota of a pathway in the place of those that were there. */
async function onDuty(pathway: string, shifts: readonly Omit<Shift, 'id'>[]): Promise<void> {
  await createTurns(world.store, clock)<RotaDoc, void>(rotaKey(pathway), ROTA_HEAD, ({ head }) => ({
    change: {
      documents: [
        {
          id: ROTA_HEAD,
          kind: 'rota',
          schema: 1,
          lists: { chains: ROTA_CASE },
          audit: head?.audit ?? { seq: 0, hash: '' },
          revision: (head?.revision ?? 0) + 1,
          shifts: shifts.map((shift) => ({ ...shift, id: `${shift.person}|${shift.role}` })),
          away: [],
          imported: [],
          told: [],
        } as RotaDoc,
      ],
      events: [{ type: 'rota.entered', by: { system: 'test' }, data: {} }],
    },
    answer: undefined,
  }));
}

/** Whoever is accountable for a step at one provider: the role, and the people who have it. */
function accountableAt(terms: Agreement, step: string, provider: string) {
  const party = terms.raci.find((one) => one.step === step)?.accountable;
  const at = terms.providers.find(({ id }) => id === provider);
  if (!party || !at) throw new Error(`nothing is agreed about ${step} at ${provider}`);
  const role = roleAt(party, at);
  const name = terms.roles.find(({ id }) => id === role)?.name ?? role;
  return { party, role, name, people: peopleInRole(terms, provider, role) };
}

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, receiver, sender, terms } = partners;
  const { accepter, theirs, ours, offer } = scenes.get(partners) as Scene;
  const asks = async (text: string, words: string): Promise<Post> => {
    await accepter.says(text);
    return connector.expect(accepter.chat, words);
  };
  const [accepterKey] = partners.accepter;
  const triage = accountableAt(terms, 'triage', receiver);
  const from = '2026-11-24T08:00:00.000Z';
  const shift = { person: accepterKey, provider: receiver, role: triage.role, from };

  it('shows the ladder in the order of climbing, in person and in the channel', async () => {
    const words = wordsOn((await asks('/ladder', 'The ladder of')).card);
    const { rungs, lastResort } = terms.ladder;
    expect(rungs.length).toBeGreaterThan(2);
    const places = rungs.map(({ name, says }) => {
      expect(words).toContain(says);
      return words.indexOf(name);
    });
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(words).toContain(`ring ${lastResort.name}, ${lastResort.phone}`);
    expect(words).toMatch(/Beside 2\..*not instead of it/s);
    expect(words).toContain('working days');
    await accepter.mentions('ladder', theirs);
    expect(wordsOn((await connector.expect(theirs, 'The ladder of')).card)).toBe(words);
  });

  it('shows every step with exactly one accountable, at each provider, and who is on duty now', async () => {
    await onDuty(pathway, []);
    const nobody = wordsOn((await asks('/raci', 'Who does what')).card);
    expect(terms.raci.length).toBeGreaterThan(1);
    expect(nobody.match(/Accountable/g)).toHaveLength(terms.raci.length);
    for (const { name } of terms.raci) expect(nobody).toContain(name);
    expect(nobody).toContain('nobody on duty now');
    expect(nobody).not.toContain('on duty now:');
    await onDuty(pathway, [shift]);
    const words = wordsOn((await asks('/raci triage', 'is accountable')).card);
    expect(words.match(/Accountable/g)).toHaveLength(1);
    expect(words).toContain(
      `${named(partners, receiver)}: ${triage.name}, on duty now: ${staffName(accepterKey, terms)}`,
    );
    const receivers = meantBy(terms, 'receiver');
    expect(receivers.length).toBeGreaterThan(1);
    for (const { id, name } of receivers) {
      expect(words).toContain(`${name}: ${accountableAt(terms, 'triage', id).name}, `);
    }
  });

  it('finds a step by its name too, and says which there are', async () => {
    const step = terms.raci[0];
    if (!step) throw new Error('no step is agreed');
    await asks(`/raci ${step.name.toUpperCase()}`, `${step.name}: `);
    await asks('/raci cooking', `one of: ${terms.raci.map((one) => one.step).join(', ')}`);
  });

  it('counts only people whom Baton has reached, and only while their duty lasts', async () => {
    const other = triage.people.find((key) => key !== accepterKey) ?? 'somebody-else';
    await onDuty(pathway, [{ ...shift, person: other }]);
    const line = (words: string): string =>
      words.match(new RegExp(`${named(partners, receiver)}: [^\n]*?on duty now[^\n]*`))?.[0] ?? '';
    const card = await asks('/raci triage', 'is accountable');
    expect(line(wordsOn(card.card))).toContain('nobody on duty now');
    await onDuty(pathway, [{ ...shift, to: '2026-11-24T09:00:00.000Z' }]);
    expect(line(wordsOn((await asks('/raci triage', 'is accountable')).card))).toContain(
      'nobody on duty now',
    );
  });

  it('says on /case who decides, for the providers of that case, and that nobody is asked once it is rejected', async () => {
    const { caseId, card, sent } = await offer();
    await onDuty(pathway, [shift]);
    const offered = wordsOn((await asks(`/case ${caseId}`, caseId)).card);
    expect(offered).toContain('Who decides');
    for (const { name } of terms.raci) expect(offered).toContain(name);
    const decides = `${triage.name}, ${named(partners, receiver)}. On duty now: ${staffName(accepterKey, terms)}`;
    expect(offered).toContain(decides);
    const risk = accountableAt(terms, 'risk', sender);
    expect(offered).toContain(`${risk.name}, ${named(partners, sender)}. Nobody is on duty now`);
    // The channel sees the same, without the person whom the case is about.
    await accepter.mentions(`case ${caseId}`, theirs);
    const shared = wordsOn((await connector.expect(theirs, `Case ${caseId}`)).card);
    expect(shared).toContain(decides);
    expect(shared).not.toMatch(/Margaret|Example/);

    const form = await accepter.presses(card, 'Reject');
    clock.pass(5_000);
    await accepter.presses(form, 'Reject', {
      inputs: { reason: partners.reasons.closes, next: 'Nothing' },
    });
    await connector.expect(ours, 'This reason closes the need');
    await connector.expectEdit(card, 'Rejected');
    await connector.expectEdit(sent, 'Rejected');
    const rejected = wordsOn((await asks(`/case ${caseId}`, caseId)).card);
    expect(rejected).toContain('Nobody is asked at the moment');
  });
});
