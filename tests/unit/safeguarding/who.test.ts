import { describe, expect, it } from 'vitest';
import type { Named } from '../../../src/safeguarding/concern.ts';
import type { YesNo } from '../../../src/safeguarding/told.ts';
import { mayKnow } from '../../../src/safeguarding/who.ts';
import { terms } from '../../support/pathway.ts';
import { raised } from './fixture.ts';

const everybody = terms.people.map(({ key }) => key);

/** Who may know, by what is known of a member of staff in it. */
const table: readonly [string, YesNo, readonly Named[], readonly string[]][] = [
  ['nobody of a partner', 'no', [], ['dora', 'olu', 'petra', 'sana', 'wim']],
  ['nobody knows whether', 'unknown', [], ['dora', 'sana', 'wim']],
  ['somebody, nobody said who', 'yes', [], ['dora', 'sana', 'wim']],
  ['the lead', 'yes', [{ person: 'sana' }], ['dora', 'olu', 'petra', 'wim']],
  ['the lead, by a typed name', 'yes', [{ typed: 'Sana' }], ['dora', 'wim']],
  ['a stranger, by a typed name', 'yes', [{ typed: 'Zebedee Quirk' }], ['dora', 'sana', 'wim']],
  [
    'a stranger, who works for none',
    'yes',
    [{ typed: 'Quirk', matched: [] }],
    ['dora', 'olu', 'petra', 'sana', 'wim'],
  ],
];

describe('who may know of a concern', () => {
  it.each(table)('about %s', (_name, staff, named, expected) => {
    const concern = raised({ told: { staff }, named });
    expect(everybody.filter((person) => mayKnow(concern, person, terms)).sort()).toEqual(expected);
  });

  it('is nobody who manages the person named, or is managed by them', () => {
    const safeguarding = terms.safeguarding && {
      ...terms.safeguarding,
      manages: [
        { manager: 'petra', of: ['nina'] },
        { manager: 'nina', of: ['olu'] },
      ],
    };
    const concern = raised({ told: { staff: 'yes' }, named: [{ person: 'nina' }] });
    const known = everybody.filter((person) => mayKnow(concern, person, { ...terms, safeguarding }));
    expect(known.sort()).toEqual(['dora', 'sana', 'wim']);
  });
});
