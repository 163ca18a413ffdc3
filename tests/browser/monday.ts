/**
 * One Monday on the demo's pathway: 40 handovers in two hours, 8 people, over the real HTTP server and
 * adapter. Alex Wilber, who coordinates the prime and is a clinician of the hospice, does a whole share of
 * the day in the Playground, in Chromium on a window 360 pixels wide, in channels and in person; a style
 * sheet folds the Playground's own frame, which is wider. The other seven send the activities that Teams
 * would send for them. 35 handovers come in through the intake and 5 are offered by the form, 3 of these on
 * the phone. Only the clock is not real: after each handover it is moved on by what is left of three
 * minutes, so that the two hours take about one.
 * Prints what each person got to read, what was read twice, and what a decision costs in presses, fields
 * typed into and characters. Opening a conversation and scrolling are not counted. Exits with 1 where less
 * happened than was planned.
 * `npm run monday`; with BATON_PICTURES, a folder, it keeps pictures of the phone.
 */

import { type Inputs, inputsFromContent } from '../../src/handovers/form.ts';
import { contentFor, RIVERSIDE } from '../support/partners.ts';
import { type Post, wordsOn } from '../support/posts.ts';
import { Costs, printHeard, printLines } from './monday-count.ts';
import { type AtDesk, deskOf, type Press } from './monday-desk.ts';
import { phoneOf } from './monday-phone.ts';
import { PROVIDERS, type Provider, startMonday, type Who } from './monday-world.ts';

const HANDOVERS = 40;
const EVERY_MS = (2 * 3_600_000) / HANDOVERS;
const NEXT = 'Ring the evening team on 0300 123 4501';
const QUESTION = 'Is there a key safe?';
const ANSWER = 'Yes, 1234, by the door';

const FROM = ['riverside-general', 'harbour', 'kindly', 'northside'] as const;
const TO: readonly Provider[] = ['st-annes', 'northside', 'harbour', 'st-annes', 'st-annes'];
const ANSWERERS: Record<Provider, Who> = {
  northside: 'megan',
  'st-annes': 'adele',
  harbour: 'isaiah',
  kindly: 'patti',
};
/** Handovers whose decision, or answer as the sender, is made on the phone. */
const ON_PHONE = new Set([0, 4, 5, 6, 10, 16, 20, 25, 26, 30, 34]);
const IN_PERSON = new Set([0, 16, 20]);
/** Came without the day of its next review, and is accepted all the same. */
const WITH_GAP = 30;
const ANSWERED_ON_PHONE = new Set([24]);
const BY_FORM: Readonly<Record<number, Who>> = { 7: 'omar', 13: 'lynne', 15: 'alex', 35: 'alex' };
/** Rejected early, and offered to another late. */
const REJECTED = 12;
const OFFERED_AGAIN = 38;
const GIVEN =
  'Ada Beth Cora Dora Ella Fay Greta Hope Ines Joan Kay Lena Mary Nell Olga Pia Rhea Sara Tess Una Vera Wanda Xenia Yara Zoe Alan Bert Carl Dan Eric Fred Gus Hugh Ivan Jack Karl Leo Max Neil Oscar'.split(
    ' ',
  );

const monday = await startMonday();
const { world, clock, tap } = monday;
const phone = phoneOf(monday.phone);
const onPhone = new Costs();
const elsewhere = new Costs();
/** Whose press led to a message, and what was typed a command for. */
const said = new Map<Post, Who>();
const asked = new Set<Post>();
const before = new Set(tap.posts());
const desk = deskOf(monday, does, elsewhere);

/** Does one thing in somebody's name, to its end: all that follows is sent. */
async function does<T>(who: Who, kind: string, act: () => Promise<T>): Promise<T> {
  const already = new Set(tap.posts());
  const { presses, fields, characters } = phone.effort();
  const result = await act();
  await world.kept();
  if (who === 'alex') {
    const now = phone.effort();
    onPhone.add(kind, {
      presses: now.presses - presses,
      fields: now.fields - fields,
      characters: now.characters - characters,
    });
  }
  for (const post of tap.posts()) {
    if (already.has(post)) continue;
    said.set(post, who);
    if (isAskedFor(post)) asked.add(post);
  }
  return result;
}

/** Lists and forms come when they are asked for. */
const isAskedFor = ({ card, conversationId }: Post): boolean =>
  !PROVIDERS.some((one) => conversationId.startsWith(monday.channel(one).conversationId)) &&
  /Waiting for you|Step 1 of 4|For which provider/.test(wordsOn(card));

const typedBy = (given: string, to: Provider): Inputs => ({
  ...inputsFromContent(contentFor(RIVERSIDE, given), RIVERSIDE.terms.zone),
  // A time that every client's list has.
  'ask.neededBy.time': '23:30',
  to,
});

async function arrives(index: number, from: string, to: Provider, given: string): Promise<string> {
  const who = BY_FORM[index];
  if (who === 'alex') {
    const inputs = typedBy(given, to);
    return index === 15
      ? does('alex', 'offer by form', () => phone.offer(inputs))
      : does('alex', 'offer by form, from the channel', () => phone.offerFromChannel(inputs));
  }
  if (who) return desk.offers(who, typedBy(given, to));
  if (index === OFFERED_AGAIN) {
    return does('alex', 'offer to another', () => phone.offerToAnother(rejectedCase, "St Anne's Hospice"));
  }
  const { plan: _, ...rest } = contentFor(RIVERSIDE, given);
  const content =
    index === WITH_GAP ? { ...rest, plan: { interim: 'As now' } } : contentFor(RIVERSIDE, given);
  const { status, body } = await world.offers('riverside', { from, to, content });
  if (status !== 201) throw new Error(`handover ${index} was answered ${status}: ${JSON.stringify(body)}`);
  await world.kept();
  return body.caseId;
}

/** Who answers this one, where the phone does not. */
const answererOf = (index: number, to: Provider): AtDesk =>
  (index % 2 === 1 && to === 'st-annes' ? 'nina' : ANSWERERS[to]) as AtDesk;

async function decided(
  index: number,
  caseId: string,
  from: string,
  to: Provider,
  given: string,
): Promise<void> {
  const alex = ON_PHONE.has(index);
  const inPerson = IN_PERSON.has(index);
  const who = answererOf(index, to);
  const acts = async (kind: string, ...buttons: Press[]): Promise<void> => {
    await desk.decides(who, kind, caseId, ...buttons);
  };
  switch (index % 10) {
    case 2:
    case 6:
      if (alex && inPerson) await does('alex', 'reject, in person', () => phone.rejectInPerson(caseId, NEXT));
      else if (alex) await does('alex', 'reject', () => phone.reject(caseId, to, NEXT));
      else await acts('reject', ['Reject'], ['Reject', { reason: 'no-capacity', next: NEXT }]);
      return;
    case 4: {
      if (alex) await does('alex', 'ask for information', () => phone.ask(caseId, to, QUESTION));
      else
        await acts(
          'ask for information',
          ['Ask for information'],
          ['Ask for information', { question: QUESTION }],
        );
      const sender = from === 'kindly' ? 'patti' : 'omar';
      if (ANSWERED_ON_PHONE.has(index)) {
        await does('alex', 'give information', () => phone.answer(caseId, 'northside', ANSWER));
      } else {
        const words = ['Give information', { answer: ANSWER }] as const;
        await desk.decides(sender, 'give information', caseId, ['Give information'], words);
      }
      if (alex) await does('alex', 'accept', () => phone.accept(caseId, to));
      else await acts('accept', ['Accept']);
      return;
    }
    case 8:
      unanswered += 1;
      return;
    case 1:
    case 5:
      if (alex) await does('alex', 'look, then accept', () => phone.lookThenAccept(caseId, to, given));
      else await acts('look, then accept', ['View details'], ['Accept']);
      return;
    default:
      if (index === WITH_GAP) await does('alex', 'accept with a gap', () => phone.acceptWithGap(caseId, to));
      else if (alex && inPerson) await does('alex', 'accept, in person', () => phone.acceptInPerson(caseId));
      else if (alex) await does('alex', 'accept', () => phone.accept(caseId, to));
      else await acts('accept', ['Accept']);
  }
}

let unanswered = 0;
let rejectedCase = '';
const began = performance.now();
try {
  for (let index = 0; index < HANDOVERS; index++) {
    const due = Date.parse(clock.now()) + EVERY_MS;
    const to = TO[index % TO.length] ?? 'st-annes';
    const picked = FROM[index % FROM.length] ?? 'riverside-general';
    const other = to === 'northside' ? 'harbour' : 'riverside-general';
    const from = picked === to || (to === 'northside' && picked === 'riverside-general') ? other : picked;
    const given = GIVEN[index] ?? '';
    const caseId = await arrives(index, from, to, given);
    if (index === REJECTED) rejectedCase = caseId;
    await decided(index, caseId, from, to, given);
    clock.pass(Math.max(0, due - Date.parse(clock.now())));
    await monday.phone.page.clock.setFixedTime(new Date(clock.now()));
    await world.kept();
  }
  const posts = tap.posts().filter((post) => !before.has(post));
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  console.log(
    `${HANDOVERS} handovers in two hours (${minutes} minutes of real time), ${Object.keys(BY_FORM).length + 1} by the form, ${unanswered} left unanswered; ${posts.length} messages`,
  );
  console.log(
    `${onPhone.decisions} things done on a phone of 360 pixels, ${elsewhere.decisions} by the other seven`,
  );
  const total = printHeard(monday, { posts, said, asked });
  console.log(`read by all: ${total} messages, ${(total / HANDOVERS).toFixed(1)} for each handover`);
  printLines(posts);
  onPhone.print('on the phone');
  elsewhere.print('elsewhere');
  if (onPhone.decisions !== 17 || elsewhere.decisions !== 32) process.exitCode = 1;
} finally {
  await monday.close();
}
