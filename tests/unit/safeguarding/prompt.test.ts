import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonActor } from '../../../src/core/actors.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { promptCard } from '../../../src/safeguarding/cards-prompt.ts';
import { contactsOf, MOST_CONTACTS } from '../../../src/safeguarding/contacts.ts';
import {
  answerPrompt,
  answerTo,
  openPrompt,
  PROMPT_ANSWERS,
  type PromptAnswer,
  type PromptDoc,
} from '../../../src/safeguarding/prompt.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import { actor, terms } from '../../support/pathway.ts';

const NOW = '2026-11-24T14:40:00.000Z';
const which = { pathwayId: 'testdale', day: '2026-11-24' };
const wim = actor('wim');
const CASES = ['7K2-M4Z', '8K2-M4Z', '9K2-M4Z'];
const begun = openPrompt(undefined, which, wim, CASES).doc;
const answers = Object.keys(PROMPT_ANSWERS) as PromptAnswer[];

describe('the card of a day', () => {
  it('is one: the same contacts again change nothing, a new one is added to it', () => {
    expect(openPrompt(begun, which, wim, [...CASES].reverse()).change).toBeUndefined();
    const { doc, change } = openPrompt(begun, which, wim, ['AK2-M4Z']);
    expect(doc.contacts).toEqual([...CASES, 'AK2-M4Z']);
    expect(change?.events).toMatchObject([{ type: 'prompt.shown', data: { cases: ['AK2-M4Z'] } }]);
  });

  it('has nothing chosen, and asks of whom nobody has answered', () => {
    const doc = answerPrompt(begun, wim, { '7K2-M4Z': 'not-asked' }, NOW).doc;
    const cases = CASES.map((caseId) => ({ caseId, person: { given: 'Jo', surname: 'Song' } }) as CaseDoc);
    const card = (again?: string) =>
      promptCard({ doc, cases, today: terms, now: NOW }, again === undefined ? {} : { again }).data as {
        contacts: { id: string; asks: boolean; answered: string; label: string }[];
      };
    expect(card().contacts.map(({ asks }) => asks)).toEqual([false, true, true]);
    expect(card().contacts[0]?.answered).toContain('No. I did not ask');
    expect(card('7K2-M4Z').contacts.map(({ asks }) => asks)).toEqual([true, true, true]);
    expect(JSON.stringify(card())).not.toMatch(/Song|"value":"[^"]*","style"/);
  });
});

describe('answers', () => {
  it('keep apart that they asked, did not ask, do not know', () => {
    const given = { '7K2-M4Z': 'asked', '8K2-M4Z': 'not-asked', '9K2-M4Z': 'unknown' } as const;
    const { doc, change } = answerPrompt(begun, wim, given, NOW);
    expect(doc.answers.map(({ answer }) => answer)).toEqual(['asked', 'not-asked', 'unknown']);
    expect(change?.events).toHaveLength(3);
  });

  it('of somebody who was not asked are refused, and about a case that is not on the card are none', () => {
    expect(() => answerPrompt(undefined, wim, { '7K2-M4Z': 'yes' }, NOW)).toThrow(/Type \/prompt/);
    expect(answerPrompt(begun, wim, { 'ZZZ-ZZZ': 'yes' }, NOW).change).toBeUndefined();
  });

  it('are only ever added to, and the same again adds nothing', () => {
    const press = fc.dictionary(fc.constantFrom(...CASES), fc.constantFrom(...answers));
    fc.assert(
      fc.property(fc.array(press, { minLength: 1 }), (presses) => {
        let doc: PromptDoc = begun;
        for (const given of presses) {
          const next = answerPrompt(doc, wim, given, NOW).doc;
          expect(next.answers.slice(0, doc.answers.length)).toEqual(doc.answers);
          for (const [caseId, answer] of Object.entries(given))
            expect(answerTo(next, caseId)?.answer).toBe(answer);
          expect(answerPrompt(next, wim, given, NOW).change).toBeUndefined();
          doc = next;
        }
      }),
    );
  });
});

describe('contacts', () => {
  const held = (caseId: string, over: object = {}) => ({
    id: 'case',
    kind: 'case',
    schema: 1,
    audit: { seq: 0, hash: '' },
    caseId,
    state: 'open',
    holder: { provider: 'charity', role: 'worker' },
    person: {},
    ...over,
  });
  const nina = actor('nina');

  async function contacts(
    who: PersonActor,
    accepted: readonly [caseId: string, at: string][],
    cases: readonly ReturnType<typeof held>[],
  ): Promise<string[]> {
    const store = createMemoryStore();
    for (const doc of cases) {
      await store.commit({ pathwayId: 'testdale', caseId: doc.caseId }, [{ do: 'put', doc }]);
    }
    for (const [caseId, at] of accepted) {
      const lists = { [`handovers.accepted@${who.person}`]: `${at}|${caseId}|h1` };
      const doc = { id: 'handover:h1', kind: 'handover', schema: 1, lists, caseId };
      await store.commit({ pathwayId: 'testdale', caseId }, [{ do: 'put', doc }]);
    }
    return contactsOf(store, 'testdale', who, NOW);
  }

  it('are what they accepted of late and took by name, newest first, that their provider still holds', async () => {
    const taken = { lists: { 'cases.taken@wim': 'DDD' } };
    const cases = [
      held('AAA'),
      held('BBB'),
      held('CCC', { holder: { provider: 'hospice', role: 'nurse' } }),
      held('DDD', taken),
      held('EEE', { state: 'closed' }),
      held('FFF', { mergedInto: 'AAA' }),
      held('GGG'),
    ];
    const accepted: [string, string][] = [
      ['AAA', '2026-11-20T10:00:00.000Z'],
      ['BBB', '2026-11-24T10:00:00.000Z'],
      ['CCC', '2026-11-24T11:00:00.000Z'],
      ['EEE', '2026-11-24T11:00:00.000Z'],
      ['FFF', '2026-11-24T11:00:00.000Z'],
      ['GGG', '2026-09-01T11:00:00.000Z'],
    ];
    expect(await contacts(wim, accepted, cases)).toEqual(['BBB', 'AAA', 'DDD']);
    expect(await contacts(nina, accepted, cases)).toEqual(['CCC']);
  });

  it('are at most ten', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `C${n + 10}`);
    const accepted = ids.map((id, n): [string, string] => [id, `2026-11-24T10:00:${n + 10}.000Z`]);
    const found = await contacts(
      wim,
      accepted,
      ids.map((id) => held(id)),
    );
    expect(found).toHaveLength(MOST_CONTACTS);
    expect(found[0]).toBe('C39');
  });
});
