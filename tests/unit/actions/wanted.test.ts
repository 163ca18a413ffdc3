import { describe, expect, it } from 'vitest';
import { ownerChoices, setForm } from '../../../src/actions/cards-forms.ts';
import { type Inputs, MAX_WHAT, ownerValue, readOwner, readWanted } from '../../../src/actions/wanted.ts';
import { Invalid } from '../../../src/core/errors.ts';
import { createRenderer } from '../../../src/teams/render.ts';
import { actor, terms } from '../../support/pathway.ts';
import { NOW } from './fixture.ts';

const CASE = '7K2-M4Z';
const good: Inputs = { what: 'Send the record', owner: 'hospice||nina', due: '2026-11-27', from: 'meeting' };
/** A case that counts with another. */
const LOST = '3T9-XQ0';
const CASES: Readonly<Record<string, { readonly mergedInto?: string }>> = {
  [CASE]: {},
  [LOST]: { mergedInto: CASE },
};
const readAs = (inputs: Inputs, who = 'cora') =>
  readWanted(inputs, actor(who), terms, NOW, async (caseId) => CASES[caseId]);
async function fieldsOf(inputs: Inputs, who?: string): Promise<string[]> {
  try {
    await readAs(inputs, who);
    return [];
  } catch (error) {
    if (error instanceof Invalid) return error.problems.map(({ field }) => field);
    throw error;
  }
}

describe('the form of a new action', () => {
  it.each<[string, Inputs, string[]]>([
    ['nothing at all', {}, ['what', 'owner', 'due', 'from']],
    ['text that shows nothing', { ...good, what: '\u200b \n' }, ['what']],
    ['too long a text', { ...good, what: 'x'.repeat(MAX_WHAT + 1) }, ['what']],
    ['text with a NUL', { ...good, what: 'a\0b' }, ['what']],
    ['an owner elsewhere', { ...good, owner: 'charity||nina' }, ['owner']],
    ['a role that nobody has there', { ...good, owner: 'charity|nurse|' }, ['owner']],
    ['a role and a person', { ...good, owner: 'hospice|nurse|nina' }, ['owner']],
    ['an unknown provider', { ...good, owner: 'elsewhere||' }, ['owner']],
    ['no calendar day', { ...good, due: '2026-02-30' }, ['due']],
    ['a day that is over', { ...good, due: '2026-11-23' }, ['due']],
    ['an unknown origin', { ...good, from: 'dream' }, ['from']],
    ['a handover without its case', { ...good, from: 'handover' }, ['caseId']],
    ['a case that is none', { ...good, caseId: '7K2-M4A' }, ['caseId']],
    ['a case that is not there', { ...good, from: 'case', caseId: '000-000' }, ['caseId']],
    ['a case that counts with another', { ...good, caseId: LOST }, ['caseId']],
  ])('names what is wrong with %s', async (_, inputs, expected) => {
    expect(await fieldsOf(inputs)).toEqual(expected);
  });

  it('reads what is good: trimmed, the day as people type it, the case in any case', async () => {
    const inputs = { ...good, what: ' Send it ', due: '27/11/2026', from: 'handover', caseId: '7k2 m4z' };
    expect(await readAs(inputs)).toEqual({
      what: 'Send it',
      owner: { provider: 'hospice', person: 'nina' },
      due: '2026-11-27',
      from: { kind: 'handover', caseId: CASE },
      position: { provider: 'prime', role: 'coordinator' },
    });
  });

  it('asks somebody of two providers for which one they set it, and no other will do', async () => {
    expect(await fieldsOf(good, 'both')).toEqual(['by']);
    expect(await fieldsOf({ ...good, by: 'charity' }, 'both')).toEqual(['by']);
    expect((await readAs({ ...good, by: 'hospice' }, 'both')).position.provider).toBe('hospice');
  });

  it('is refused to somebody whose role has no part in the work', async () => {
    await expect(readAs(good, 'vera')).rejects.toMatchObject({ code: 'role' });
  });
});

it('every owner that can be chosen is read as it was meant', () => {
  const choices = ownerChoices(terms, ['hospice']);
  expect(choices.length).toBeGreaterThan(10);
  for (const { value } of choices) {
    const owner = readOwner(value, terms);
    expect(owner && ownerValue(owner)).toBe(value);
  }
  expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length);
});

it('a form fits a card however many people the partners have; those of the nearest provider come first', () => {
  const [first] = terms.people;
  if (!first) throw new Error('the test pathway has people');
  const crowd = Array.from({ length: 2_000 }, (_, n) => ({
    ...first,
    key: `person-${n}`,
    name: `Somebody with a name of some length ${n}`,
    positions: [{ provider: n % 2 === 0 ? 'prime' : 'charity', role: 'worker' }],
  }));
  const positions = [{ provider: 'charity', role: 'worker' }];
  const form = setForm(
    '7K2-M4Z',
    positions,
    { ...terms, people: crowd },
    { typed: { what: '€'.repeat(1_000) } },
  );
  const renderer = createRenderer(new URL('../../../cards/', import.meta.url));
  expect(JSON.stringify(renderer.render(form)).length).toBeLessThan(28 * 1_024);
  const { owners } = form.data as { owners: { value: string }[] };
  expect(owners.length).toBeGreaterThan(50);
  expect(owners.filter(({ value }) => value.startsWith('charity||person'))).not.toEqual([]);
});
