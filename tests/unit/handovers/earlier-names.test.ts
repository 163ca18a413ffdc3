import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asToday, inputsAsToday } from '../../../src/handovers/earlier-names.ts';
import { Content } from '../../../src/handovers/handover.ts';
import type { Person } from '../../../src/register/case.ts';
import { told } from '../../../src/register/person.ts';

const now: Person = { given: 'Robin', surname: 'Present', nhsNumber: '9990000026' };
const changed = {
  person: now,
  marked: 'changed-identity' as const,
  earlierNames: ['Winifred', 'Earlier-Name'],
};
const saying = (text: string): Content =>
  Content.parse({
    person: {
      given: 'Winifred',
      surname: 'Earlier-Name',
      dob: '1942-03-07',
      safeContact: text,
      postcode: 'RV1 2AB',
    },
    ask: { what: text, service: text, urgency: 'routine' },
    sbar: { situation: text, background: text, assessment: text, recommendation: text },
    risk: { status: 'low', detail: text },
    safeguarding: { status: 'not-known', detail: text },
    consent: { status: 'best-interests', reason: text },
    contacts: [{ name: 'Owen Earlier-Name', relation: text, phone: '01632 960002' }],
    plan: { interim: text },
    ...{ adjustments: text, sceneSafety: text, allergies: text },
    author: { name: 'Sam Example' },
  });

describe('what a handover says of somebody whose identity was changed', () => {
  it('names them as they are, keeps what else was said, and has no earlier name in any text', () => {
    const content = asToday(saying('Mrs EARLIER-NAME (Winifred) fell; ask for Earlier'), changed);
    expect(content.person).toMatchObject({ ...now, postcode: 'RV1 2AB' });
    expect(content.person.dob).toBeUndefined();
    expect(content.sbar.situation).toBe('Mrs [name] ([name]) fell; ask for [name]');
    expect(content.contacts).toEqual([
      { name: 'Owen Earlier-Name', relation: content.sbar.situation, phone: '01632 960002' },
    ]);
    const { contacts: _, ...rest } = content;
    expect(JSON.stringify(rest)).not.toMatch(/winifred|earlier/i);
    expect(content.author.name).toBe('Sam Example');
  });

  it.each([
    ['May may fall', ['May'], '[name] may fall'],
    ['Mayor Will', ['May'], 'Mayor Will'],
    ['Robin and robin', ['Robin'], 'Robin and robin'],
    ['Zoë’s dog', ['Zoë'], '[name]’s dog'],
    ['a (b) A(B)', ['A(B)'], 'a (b) [name]'],
    ['O', ['O'], 'O'],
  ])('reads %j, of whom %j were names, as %j', (text, earlierNames, expected) => {
    const content = Content.parse({ sbar: { situation: text } });
    expect(asToday(content, { ...changed, earlierNames }).sbar.situation).toBe(expected);
  });

  it.each([undefined, 'restricted'] as const)(
    'is left as it came where the record is marked %s',
    (marked) => {
      const content = saying('Winifred');
      expect(asToday(content, { person: now, ...(marked && { marked }) })).toBe(content);
    },
  );

  it('stands in a form as it reads today, unless the form says that the identity changed', () => {
    const inputs = {
      'person.given': 'Winifred',
      'person.dob': '07/03/1942',
      'sbar.situation': 'Winifred fell',
      to: 'x',
    };
    expect(inputsAsToday(inputs, changed)).toEqual({
      'person.given': 'Robin',
      'sbar.situation': '[name] fell',
      to: 'x',
    });
    const says = { ...inputs, 'person.marked': 'changed-identity' };
    expect(inputsAsToday(says, changed)).toBe(says);
    expect(inputsAsToday(inputs, { person: now })).toBe(inputs);
  });
});

describe('who somebody is, after whatever was told of them in whatever order', () => {
  it('is what was told last by whoever says that it changed, once somebody says so; earlier names are never lost', () => {
    const name = fc.constantFrom('Ada', 'Bea', 'Cleo', 'Dora');
    const telling = fc.record({
      given: name,
      surname: name,
      marked: fc.constantFrom(undefined, 'changed-identity' as const),
    });
    let changes = 0;
    fc.assert(
      fc.property(fc.array(telling, { minLength: 1, maxLength: 8 }), (tellings) => {
        let known:
          | { person: Person; marked?: 'changed-identity'; earlierNames?: readonly string[] }
          | undefined;
        const since: string[] = [];
        let last: Person | undefined;
        for (const { marked, ...names } of tellings) {
          const person: Person = { ...names, ...(marked && { marked }) };
          known = {
            ...known,
            ...told(known, person),
            ...((known?.marked ?? marked) && { marked: 'changed-identity' }),
          };
          if (marked || !known.marked) last = names;
          if (known.marked) since.push(names.given, names.surname);
        }
        expect(known?.person).toMatchObject(last ?? {});
        const present = [known?.person.given, known?.person.surname];
        if (!known?.marked) expect(known?.earlierNames).toBeUndefined();
        else {
          changes += 1;
          const wanted = new Set(since.filter((one) => !present.includes(one)));
          for (const one of wanted) expect(known.earlierNames).toContain(one);
          for (const one of present) expect(known.earlierNames ?? []).not.toContain(one);
        }
      }),
    );
    expect(changes).toBeGreaterThan(30);
  });
});
