import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { groupsOf } from '../../src/handovers/cards-fields.ts';
import { FORM_STEPS, type Inputs } from '../../src/handovers/form.ts';
import { TERMS } from '../support/world.ts';
import type { Effort } from './monday-count.ts';
import type { Client, Conversation } from './playground.ts';

/** With BATON_PICTURES, a folder: what was on the phone at each step. */
const PICTURES = process.env.BATON_PICTURES;
const CHANNEL: Readonly<Record<string, Conversation>> = {
  northside: 'General',
  'st-annes': "St Anne's Hospice",
};

/** What somebody with a phone does, each from where they are to where all see what they did. */
export interface Phone {
  /** What all of it has cost so far. */
  effort(): Effort;
  accept(caseId: string, provider: string): Promise<void>;
  lookThenAccept(caseId: string, provider: string, given: string): Promise<void>;
  acceptWithGap(caseId: string, provider: string): Promise<void>;
  /** From the list of what waits, in the personal chat; at both ends of the offer one says for which. */
  acceptInPerson(caseId: string): Promise<void>;
  reject(caseId: string, provider: string, next: string): Promise<void>;
  rejectInPerson(caseId: string, next: string): Promise<void>;
  ask(caseId: string, provider: string, question: string): Promise<void>;
  answer(caseId: string, provider: string, words: string): Promise<void>;
  /** By the form from its first step, in the personal chat; returns the case. */
  offer(inputs: Inputs): Promise<string>;
  /** From the button in the channel. */
  offerFromChannel(inputs: Inputs): Promise<string>;
  /** A need that somebody rejected, to somebody else: the form has all but that. */
  offerToAnother(caseId: string, to: string): Promise<string>;
}

export function phoneOf(client: Client): Phone {
  let pictures = 0;
  /** Beside what the client counts. */
  const more = { presses: 0, fields: 0, characters: 0 };
  const sees = async (name: string, card?: Locator): Promise<void> => {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    const path = join(PICTURES, `${String(++pictures).padStart(2, '0')}-${name}.png`);
    await (card ?? client.page).screenshot({ path });
  };
  const channelOf = (provider: string): Conversation => CHANNEL[provider] ?? 'General';

  /** Waits until the list of conversations stands still: a press in mid-move would fold it away again. */
  async function standsStill(item: Locator): Promise<void> {
    const where = async (): Promise<number | undefined> => (await item.boundingBox())?.x;
    for (let same = 0, before = await where(); same < 3; ) {
      await client.page.waitForTimeout(100);
      const now = await where();
      same = now === before ? same + 1 : 0;
      before = now;
    }
  }

  async function goes(to: Conversation): Promise<void> {
    const item = client.page.getByRole('treeitem', { name: to });
    await standsStill(item);
    await client.goes(to).catch(async (error: unknown) => {
      if ((error as Error).name !== 'TimeoutError') throw error;
      // The Playground folded its list under the press: once more, as a person would.
      await standsStill(item);
      await client.goes(to);
    });
  }

  async function types(card: Locator, label: string, text: string): Promise<void> {
    more.fields += 1;
    more.characters += text.length;
    await card.getByLabel(wholly(label)).first().fill(text);
  }

  /** Opens a drop-down list and takes this answer. */
  async function picks(card: Locator, label: string, answer: string): Promise<void> {
    more.presses += 2;
    await card.getByRole('combobox', { name: label }).click();
    await client.page.getByRole('option', { name: answer }).first().click();
  }

  /** Opens the calendar of a date input and takes the last day that it shows. */
  async function picksDay(card: Locator, label: string): Promise<void> {
    more.presses += 2;
    await card.getByRole('combobox', { name: label }).click();
    await client.page.getByRole('dialog').getByRole('gridcell').last().click();
  }

  /** Presses a button whose title begins like this. */
  async function pressesFirst(card: Locator, title: RegExp, at = 0): Promise<void> {
    more.presses += 1;
    await card.getByRole('button', { name: title }).nth(at).click();
  }

  async function offered(caseId: string, provider: string): Promise<Locator> {
    await goes(channelOf(provider));
    return client.card(caseId, 'Handover offered');
  }

  async function waiting(caseId: string): Promise<Locator> {
    await goes('Personal Chat');
    await client.says('/mine');
    const list = await client.card('Waiting for you', caseId);
    await sees('mine', list);
    const cases: string[] = (await list.innerText()).match(/\b[0-9A-Z]{3}-[0-9A-Z]{3}\b/g) ?? [];
    await pressesFirst(list, /^View/, cases.indexOf(caseId));
    return client.card(caseId, 'Born');
  }

  async function rejects(form: Locator, next: string): Promise<void> {
    await client.chooses(form, 'Why?', 'No capacity');
    await types(form, 'What should the sender do next?', next);
    await sees('reject', form);
    await client.presses(form, 'Reject');
  }

  async function walksForm(inputs: Inputs): Promise<string> {
    for (const [at, step] of FORM_STEPS.entries()) {
      const form = await client.card(`Step ${at + 1} of 4`);
      await sees(`form-${step}-empty`, form);
      for (const field of groupsOf(step, TERMS.riverside, 'northside', {}).flatMap(({ rows }) =>
        rows.flat(),
      )) {
        const value = inputs[field.id];
        if (value === undefined) continue;
        const title = field.choices.find((one) => one.value === value)?.title ?? value;
        if (field.kind === 'choice') await client.chooses(form, field.label, title);
        else if (field.kind === 'pick' || field.kind === 'time') await picks(form, field.label, title);
        else if (field.kind === 'date') await picksDay(form, field.label);
        else if (await isEmpty(form, field.label)) await types(form, field.label, value);
      }
      await sees(`form-${step}`, form);
      await client.presses(form, at < 3 ? 'Next' : 'Send the offer');
    }
    return sentAs();
  }

  async function sentAs(): Promise<string> {
    const done = await client.card('Sent to');
    await sees('sent', done);
    const [, caseId] = /as case ([0-9A-Z]{3}-[0-9A-Z]{3})/.exec(await done.innerText()) ?? [];
    if (caseId === undefined) throw new Error('the form does not say which case it became');
    await client.card(caseId, 'Your handover');
    return caseId;
  }

  return {
    effort: () => ({
      presses: client.effort.presses + more.presses,
      fields: more.fields,
      characters: client.effort.characters + more.characters,
    }),
    async accept(caseId, provider) {
      const card = await offered(caseId, provider);
      await sees('offered');
      await client.presses(card, 'Accept');
      await client.card(caseId, 'Accepted by Alex Wilber', 'View details has the handover note');
      await sees('accepted');
    },
    async lookThenAccept(caseId, provider, given) {
      await client.presses(await offered(caseId, provider), 'View details');
      const details = await client.card(caseId, given, 'Accept');
      await sees('details', details);
      await client.presses(details, 'Accept');
      await client.card(caseId, 'Accepted by Alex Wilber');
    },
    async acceptInPerson(caseId) {
      await client.presses(await waiting(caseId), 'Accept');
      const which = await client.card('For which provider are you acting?');
      await sees('which-provider', which);
      await pressesFirst(which, /^St Anne/);
      await sees('accepted-in-person', await client.card(caseId, 'You can undo this until'));
    },
    async acceptWithGap(caseId, provider) {
      await goes(channelOf(provider));
      const card = await client.card(caseId, 'Missing');
      await sees('missing', card);
      await client.presses(card, 'Accept');
      const gap = await client.card(caseId, 'Why accept without it?');
      await client.chooses(gap, 'Why accept without it?', 'We will ask at the first contact');
      await sees('gap', gap);
      await client.presses(gap, 'Accept');
      await sees('accepted-with-gap', await client.card(caseId, 'Accepted with a gap'));
    },
    async reject(caseId, provider, next) {
      await client.presses(await offered(caseId, provider), 'Reject');
      await rejects(await client.card('Reject this handover', caseId), next);
      await client.card(caseId, 'Rejected: no capacity');
      await sees('rejected');
    },
    async rejectInPerson(caseId, next) {
      await client.presses(await waiting(caseId), 'Reject');
      await rejects(await client.card('Reject this handover', caseId), next);
      await sees('rejected-in-person', await client.card(caseId, 'Nothing for you to do'));
    },
    async ask(caseId, provider, question) {
      await client.presses(await offered(caseId, provider), 'Ask for information');
      const form = await client.card('What do you need to know?', caseId);
      await types(form, 'What do you need to know?', question);
      await sees('ask', form);
      await client.presses(form, 'Ask for information');
      await sees('asked', await client.card(caseId, 'Information requested'));
    },
    async answer(caseId, provider, words) {
      await goes(channelOf(provider));
      const card = await client.card(caseId, 'asks for information');
      await sees('to-answer', card);
      await client.presses(card, 'Give information');
      const form = await client.card('Your answer', caseId);
      await types(form, 'Your answer', words);
      await sees('answer', form);
      await client.presses(form, 'Give information');
      await client.card(caseId, 'Your handover', 'Waiting for');
    },
    async offer(inputs) {
      await goes('Personal Chat');
      await client.says('/handover');
      const which = await client.card('For which provider are you acting?');
      await pressesFirst(which, /^Northside/);
      return walksForm(inputs);
    },
    async offerFromChannel(inputs) {
      await goes('General');
      await client.presses(await client.card('press the button'), 'Offer a handover');
      await goes('Personal Chat');
      return walksForm(inputs);
    },
    async offerToAnother(caseId, to) {
      await goes('General');
      await client.presses(await client.card(caseId, 'Rejected'), 'Offer to another');
      await goes('Personal Chat');
      await client.presses(await client.card('Step 1 of 4'), 'Next');
      const form = await client.card('Step 2 of 4');
      await picks(form, 'Offer to', to);
      await sees('form-again', form);
      await client.presses(form, 'Next');
      await client.presses(await client.card('Step 3 of 4'), 'Next');
      await client.presses(await client.card('Step 4 of 4'), 'Send the offer');
      return sentAs();
    },
  };
}

/** Is nothing in this input yet? */
const isEmpty = async (card: Locator, label: string): Promise<boolean> =>
  (await card.getByLabel(wholly(label)).first().inputValue()) === '';

/** A label with nothing around it but the star of a required field. */
const wholly = (label: string): RegExp =>
  new RegExp(`^\\s*${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*\\*?\\s*$`);
