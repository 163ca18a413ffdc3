import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requiredInputs } from '../../src/safeguarding/cards-form.ts';
import { titlesOf, wordsOn } from '../support/connector.ts';
import { terms } from '../support/pathway.ts';
import { startWorld } from '../support/world.ts';

const HOUR = 3_600_000;
const pathway = 'riverside';
const world = await startWorld();
const { connector, clock } = world;
type Person = ReturnType<typeof world.person>;
const [alex, adele, patti, lynne] = ['alex', 'adele', 'patti', 'lynne'].map((key) =>
  world.person(pathway, key),
) as [Person, Person, Person, Person];
const hospice = world.channel(pathway, 'st-annes');
await world.reaches([alex], [patti], [lynne]);
await world.reaches([adele], [adele, hospice]);
// Two presses of one button within seconds are one, for Teams.
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

const DANGER = { danger: 'no', age: 'adult', categories: 'financial,neglect' };
const FACTS = { facts: 'Her card was with the neighbour.', when: 'This morning' };
const CONSENT = { given: 'Margaret', surname: 'Example', consent: 'given', staff: 'no' };

describe('/concern', () => {
  it('asks step by step in person, at most eight answers required, and is sent once', async () => {
    await patti.says('/concern');
    const first = await connector.expect(patti.chat, 'Raise a safeguarding concern');
    expect(wordsOn(first.card)).toContain('If somebody is in danger now, ring 999 first.');
    const second = await patti.presses(first, 'Next', { inputs: DANGER });
    const third = await patti.presses(second, 'Next', { inputs: FACTS });
    expect(titlesOf(third.card)).toEqual(['Send now', 'Add more first', 'Back']);
    const receipt = await patti.presses(third, 'Send now', { inputs: CONSENT });
    expect(wordsOn(receipt.card)).toContain('Nobody has seen it yet');
    const [id = ''] = /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(wordsOn(receipt.card)) ?? [];
    const notice = await connector.expect(alex.chat, id);
    await connector.expect(patti.chat, id);
    const opened = await alex.presses(notice, 'Open');
    for (const told of [
      'Margaret Example',
      'Her card was with the neighbour.',
      'Neglect and acts of omission',
    ])
      expect(wordsOn(opened.card)).toContain(told);
    await alex.presses(opened, 'Acknowledge', { where: alex.chat });
    // The same again is the same concern.
    clock.pass(5_000);
    const again = await patti.presses(third, 'Send now', { inputs: CONSENT });
    expect(wordsOn(again.card)).toContain(id);

    const required = requiredInputs(terms);
    console.log(`answers required to send a concern: ${required.length} (${required.join(', ')})`);
    expect(required.length).toBeGreaterThan(3);
    expect(required.length).toBeLessThanOrEqual(8);
  });

  it('says on each step what is wrong and keeps what was typed, through to the sending', async () => {
    await lynne.says('/concern');
    const first = await connector.expect(lynne.chat, 'Raise a safeguarding concern');
    const wrong = await lynne.presses(first, 'Next', { inputs: { danger: 'yes', categories: 'neglect' } });
    expect(wordsOn(wrong.card)).toContain('an adult or a child');
    clock.pass(5_000);
    const second = await lynne.presses(wrong, 'Next', { inputs: { ...DANGER, danger: 'yes' } });
    const third = await lynne.presses(second, 'Next', { inputs: FACTS });
    const without = await lynne.presses(third, 'Send now', {
      inputs: { ...CONSENT, consent: 'without', staff: 'yes' },
    });
    expect(wordsOn(without.card)).toContain('Choose why it goes on without their consent.');
    expect(wordsOn(without.card)).toContain('Choose who it is, or type a name.');
    clock.pass(5_000);
    const more = await lynne.presses(without, 'Add more first', {
      inputs: {
        ...CONSENT,
        consent: 'without',
        withoutConsent: 'more-risk',
        staff: 'yes',
        staffPerson: 'alex',
      },
    });
    const bad = await lynne.presses(more, 'Send now', { inputs: { nhsNumber: '123', dob: 'once' } });
    expect(wordsOn(bad.card)).toContain('This is not a valid NHS number');
    expect(wordsOn(bad.card)).toContain('Write the date of birth');
    clock.pass(5_000);
    const receipt = await lynne.presses(bad, 'Send now', { inputs: { nhsNumber: '', dob: '07/03/1942' } });
    const [id = ''] = /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(wordsOn(receipt.card)) ?? [];
    // It is about Alex, who leads: the deputy is asked, and Alex and whoever manages him learn nothing.
    const notice = await connector.expect(adele.chat, id);
    await connector.expect(lynne.chat, id);
    const opened = await adele.presses(notice, 'Open');
    expect(wordsOn(opened.card)).toContain('Born');
    await adele.presses(opened, 'Acknowledge', { where: adele.chat });
  });
});

describe('where others would read it', () => {
  it('a concern typed in a channel is answered with how to raise it, and not repeated', async () => {
    const answer = await adele.says('/concern she is hit by her son', hospice);
    expect(answer.status).toBe(200);
    const said = await connector.expect(hospice, 'Please delete what you wrote');
    expect(JSON.stringify(said.activity)).not.toContain('her son');
    clock.pass(5_000);
    await adele.says('/concern', hospice);
    await connector.expect(hospice, 'in our personal chat');
    await connector.expect(adele.chat, 'Raise a safeguarding concern');
  });

  it('the channel’s standing card opens the form for whoever presses, and for nobody else', async () => {
    const form = await adele.opensDialog('raiseConcern', hospice);
    expect(wordsOn(form.card)).toContain('Raise a safeguarding concern');
  });
});

describe('a concern that is begun and not sent', () => {
  it('is there again after each step, reminds its author alone after an hour, and is gone after a day', async () => {
    await patti.says('/concern');
    const first = await connector.expect(patti.chat, 'Raise a safeguarding concern');
    await patti.presses(first, 'Next', { inputs: DANGER });
    await world.kept();
    clock.pass(HOUR);
    const line = await connector.expect(patti.chat, 'have not sent it');
    expect(line.text).not.toMatch(/neglect|financial/i);
    await patti.says('/concern');
    expect(wordsOn((await connector.expect(patti.chat, 'Step 2 of 3')).card)).toContain('What happened');
    clock.pass(25 * HOUR);
    await world.kept();
    await patti.says('/concern');
    await connector.expect(patti.chat, 'Step 1 of 3');
  });
});
