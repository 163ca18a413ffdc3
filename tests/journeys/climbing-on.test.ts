import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { applyAgreement } from '../../src/agreement/apply.ts';
import { createTurns } from '../../src/store/turn.ts';
import { verifyPathway } from '../../src/store/verify.ts';
import { type Climb, DUTIES, startClimb } from '../support/climb.ts';
import { startClock } from '../support/clock.ts';
import {
  type Answer,
  actionsOf,
  type Post,
  startConnector,
  titlesOf,
  wordsOn,
} from '../support/connector.ts';
import { PARTNERS } from '../support/partners.ts';
import { START, type Start, startWorld } from '../support/world.ts';

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const HOUR = 3_600_000;
const casesOn = (on: Post | Answer): string[] =>
  actionsOf(on.card)
    .filter(({ verb }) => verb === 'escalation.view')
    .map(({ data }) => String(data.caseId));

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, terms } = partners;
  const { first, clinical } = DUTIES[pathway];
  const { lastResort, rungs } = terms.ladder;
  const firstRung = rungs.find(({ kind }) => kind === 'operational');
  const clinicalRung = rungs.find(({ kind }) => kind === 'clinical');
  if (!firstRung || !clinicalRung) throw new Error('both ladders have both rungs');
  const start = async (more?: Start): Promise<Climb> => {
    const climb = await startClimb(partners, more);
    endings.push(() => climb.world.close());
    return climb;
  };

  it('fires once for each after an outage, in order, marked late, and goes on from then', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-outage-'));
    const connector = await startConnector();
    endings.push(() => rmSync(folder, { recursive: true, force: true }));
    endings.push(() => connector.close());
    const clock = startClock(START);
    const kept: Start = { store: 'file', folder, connector, clock };
    const before = await startClimb(partners, kept);
    const { accepter, theirs, ours } = before;
    await before.onDuty(accepter, first);
    await before.onDuty(before.lead, clinical);
    const cases: string[] = [];
    for (let n = 0; n < 3; n++) {
      cases.push((await before.offer()).caseId);
      clock.pass(60_000);
    }
    await before.world.kept();
    await before.world.close();

    clock.pass(5 * HOUR);
    const after = await startWorld(kept);
    endings.push(() => after.close());
    const begun: string[] = [];
    for (const caseId of cases) {
      const prompt = await connector.expect(
        accepter.chat,
        (post) => post.card !== undefined && post.summary.includes(caseId),
      );
      const history = await after.store.history({ pathwayId: pathway, caseId });
      begun.push(history.find(({ type }) => type === 'escalation.began')?.recordedAt ?? '');
      expect(wordsOn(prompt.card)).toContain('This comes late: Baton could not say it in time.');
      expect(wordsOn(prompt.card)).toContain('Nobody has answered in time.');
    }
    // What begins within one millisecond may be said in either order.
    expect(begun).not.toContain('');
    expect(begun).toEqual(begun.toSorted());
    for (const place of [theirs, ours]) {
      for (const caseId of cases) {
        const line = await connector.expect(place, `Case ${caseId}: This comes late. Nobody has answered`);
        expect(line.text).toContain(`${firstRung.name}: ${accepter.who.name} is asked`);
      }
    }
    clock.pass(31_000);
    await after.kept();
    for (const caseId of cases) {
      const raised = (await after.events(pathway, caseId)).filter((type) => type === 'escalation.raised');
      expect(raised).toHaveLength(1);
    }
    await connector.expectNothingElse();
    expect((await verifyPathway(after.store, pathway)).holds).toBe(true);
  });

  it('goes to the prime’s clinician on call when the clinical rung is empty, and the holder reads the number', async () => {
    const { provider, role } = clinical;
    const position = `- { provider: ${provider}, role: ${role} }`;
    const climb = await start({
      agreed: {
        [pathway]: (text: string) =>
          text
            .replace(
              '\npeople:',
              '  - { id: on-call, name: Clinician on the telephone, can: [clinical] }\n$&',
            )
            .replace(position, `${position}\n      - { provider: ${provider}, role: on-call }`),
      },
    });
    const { lead, ours, theirs, world } = climb;
    await climb.onDuty(lead, { provider, role: 'on-call' });
    const { caseId } = await climb.unanswered();
    const prompt = await climb.prompt(lead, caseId);
    expect(wordsOn(prompt.card)).toContain(clinicalRung.says);
    const told = await world.connector.expect(ours, 'nobody is on duty, so the clinician on call is asked');
    expect(told.text).toContain(`is asked: ${lead.who.name}, answer by `);
    expect(told.text).toContain(`You still hold this case. Ring ${lastResort.name}: ${lastResort.phone}.`);
    await world.connector.expect(theirs, 'the clinician on call is asked');
    const on = await lead.presses(prompt, 'Acknowledge');
    expect(wordsOn(on.card)).toContain('You are on it until ');
    await world.connector.expectEdit(prompt, `${lead.who.name} is on it until `);
  });

  it('keeps the ladder that it began with when another is agreed meanwhile; what is offered later climbs the new one', async () => {
    const climb = await start();
    const { accepter, lead, world } = climb;
    const { store, clock } = world;
    await climb.onDuty(accepter, first);
    await climb.onDuty(lead, clinical);
    const { caseId } = await climb.unanswered();
    const asked = await climb.prompt(accepter, caseId);
    const desk = { ...firstRung, id: 'new-desk', name: 'New desk', says: 'Answer at the new desk.' };
    const ladder = { ...terms.ladder, rungs: rungs.map((rung) => (rung === firstRung ? desk : rung)) };
    const run = createTurns(store, clock);
    await applyAgreement({ store, run }, { ...terms, ladder }, { system: 'test' }, { yes: true });
    // So long an answer about the agreement in force may be old.
    clock.pass(6_000);
    const form = await accepter.presses(asked, 'Step up now');
    await accepter.presses(form, 'Step up now', { inputs: { reason: 'It cannot wait' } });
    const above = await climb.prompt(lead, caseId);
    expect(wordsOn(above.card)).toContain(clinicalRung.says);
    expect((await climb.escalation(caseId)).agreementVersion).toBe(1);
    const later = await climb.unanswered();
    const prompt = await climb.prompt(accepter, later.caseId);
    expect(wordsOn(prompt.card)).toContain('Answer at the new desk.');
  });

  it('lists what climbs: open, one’s own and all, a page at a time, without a name', async () => {
    // The demo's rungs last two minutes: too short to look at a list.
    const climb = await start({
      agreed: {
        riverside: (text) =>
          text.replaceAll('within: 2m,', 'within: 3h,').replaceAll(/need: (2h|30m)/g, 'need: 12h'),
      },
    });
    const { accepter, lead, theirs, world } = climb;
    const { clock, connector } = world;
    await climb.onDuty(accepter, first);
    const offers = [];
    for (let n = 0; n < 10; n++) {
      offers.push(await climb.offer());
      clock.pass(20_000);
    }
    const last = await climb.unanswered();
    const cases = [...offers, last].map(({ caseId }) => caseId);
    const prompts = new Map<string, Post>();
    for (const caseId of cases) {
      prompts.set(caseId, await climb.prompt(accepter, caseId));
      clock.pass(5_000);
    }
    const asks = async (text: string, words: string): Promise<Post> => {
      clock.pass(31_000);
      await accepter.says(text);
      return connector.expect(accepter.chat, words);
    };
    const pages = async (at: Post): Promise<string[]> => {
      let page: Post | Answer = at;
      const found = casesOn(page);
      expect(found).toHaveLength(8);
      while (titlesOf(page.card).includes('Show more')) {
        page = await accepter.presses(page, 'Show more');
        found.push(...casesOn(page));
      }
      return found.toSorted();
    };
    const opens = await asks('/escalations', 'Open escalations');
    expect(JSON.stringify(opens.activity)).not.toMatch(/Margaret|Example|999 ?000/);
    expect(wordsOn(opens.card)).toContain(`${firstRung.name}: ${accepter.who.name} is asked, answer by `);
    expect(await pages(opens)).toEqual(cases.toSorted());
    expect(await pages(await asks('/escalations mine', 'Escalations that ask you'))).toEqual(
      cases.toSorted(),
    );
    const one = cases[0] ?? '';
    await accepter.presses(prompts.get(one) ?? last.card, 'Accept');
    await world.kept();
    expect(await pages(await asks('/escalations open', 'Open escalations'))).not.toContain(one);
    expect(await pages(await asks('/escalations all', 'All escalations'))).toContain(one);
    const viewed = await accepter.presses(await asks('/escalations', 'Open escalations'), 'View', {
      carrying: { caseId: cases[3] ?? '' },
    });
    expect(wordsOn(viewed.card)).toContain(firstRung.says);

    await lead.says('/escalations mine');
    expect(casesOn(await connector.expect(lead.chat, 'Escalations that ask you'))).toEqual([]);
    await accepter.mentions('escalations', theirs);
    const shared = await connector.expect(theirs, 'Open escalations');
    expect(casesOn(shared)).toHaveLength(8);
    await asks('/escalations soon', 'Type /escalations open, /escalations mine or /escalations all.');
    const forged = await accepter.presses(opens, 'Show more', {
      forged: { list: 'secrets', after: "x' OR 1=1" },
    });
    expect(forged.text).toContain('Nothing was stored');
  });
});
