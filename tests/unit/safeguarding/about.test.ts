import { describe, expect, it } from 'vitest';
import { Invalid } from '../../../src/core/errors.ts';
import { NOBODY, namedProblems, sayWhom } from '../../../src/safeguarding/about.ts';
import { timerOf } from '../../../src/safeguarding/ask.ts';
import { type Concern, type Named, stillAsked } from '../../../src/safeguarding/concern.ts';
import { acknowledge } from '../../../src/safeguarding/rules.ts';
import { mayKnow } from '../../../src/safeguarding/who.ts';
import { terms } from '../../support/pathway.ts';
import { factsOf, left, noticesOf } from './changes.ts';
import { ground, NOW, raised } from './fixture.ts';

const about = (concern: Concern, who: string, inputs: Record<string, string>) =>
  sayWhom(factsOf(concern, who), inputs, ground());
const waiting = ({ asked }: Concern) =>
  asked.filter(({ state }) => state === 'waiting').flatMap((one) => stillAsked(one));
const acknowledgedBy = (concern: Concern, who: string): Concern =>
  left(acknowledge(factsOf(concern, who)), concern);

describe('who it is about', () => {
  const typed: readonly Named[] = [{ typed: 'Nin' }];
  const table: readonly [string, Record<string, string>, readonly string[]][] = [
    ['neither yes nor no', {}, ['staff']],
    ['nobody chosen for a typed name', { staff: 'yes' }, ['match0']],
    ['nobody and somebody at once', { staff: 'yes', match0: `nina,${NOBODY}` }, ['match0']],
    ['somebody who is none', { staff: 'yes', match0: 'nina', people: 'zebedee' }, ['people']],
    ['“nobody” among others', { staff: 'yes', match0: 'nina', people: NOBODY }, ['people']],
    ['one of the pathway', { staff: 'yes', match0: 'nina' }, []],
    ['several, and one besides', { staff: 'yes', match0: 'nina,noah', people: 'olu' }, []],
    ['nobody of the pathway', { staff: 'yes', match0: NOBODY }, []],
    ['no member of staff', { staff: 'no' }, []],
  ];
  it.each(table)('with %s', (_name, inputs, fields) => {
    expect(namedProblems(inputs, { named: typed }, terms).map(({ field }) => field)).toEqual(fields);
  });

  it('asks for somebody where nothing was typed', () => {
    const concern = raised({ told: { staff: 'unknown' } });
    expect(() => about(concern, 'sana', { staff: 'yes' })).toThrow(Invalid);
    expect(left(about(concern, 'sana', { staff: 'no' }), concern)).toMatchObject({ staff: 'no', named: [] });
  });

  it('keeps what was there before, and says the same once', () => {
    const concern = raised({ told: { staff: 'yes' }, named: [{ typed: 'Zebedee Quirk' }] });
    const matched = left(about(concern, 'sana', { staff: 'yes', match0: 'nina' }), concern);
    expect(matched.named).toEqual([{ typed: 'Zebedee Quirk', matched: ['nina'] }]);
    expect(matched.about).toMatchObject([{ n: 1, by: { person: 'sana' }, before: { named: concern.named } }]);
    expect(matched.told).toEqual(concern.told);
    expect(about(matched, 'dora', { staff: 'yes', match0: 'nina' })).toEqual({ kind: 'done' });
    const corrected = left(about(matched, 'dora', { staff: 'yes', match0: 'noah' }), matched);
    expect(corrected.about?.map(({ before }) => before.named)).toEqual([concern.named, matched.named]);
  });

  it('opens the way to the others, and asks nobody twice for it', () => {
    const concern = raised({ told: { staff: 'unknown' } });
    expect(mayKnow(concern, 'olu', terms)).toBeUndefined();
    const known = left(about(concern, 'sana', { staff: 'yes', people: 'nina' }), concern);
    expect(mayKnow(known, 'olu', terms)).toBe('safeguarding');
    expect(waiting(known)).toEqual(['sana']);
  });

  it('takes out whoever was asked, with a card that says nothing, and asks the next in the same commit', () => {
    const concern = raised({ told: { staff: 'unknown' } });
    const verdict = about(concern, 'dora', { staff: 'yes', people: 'sana' });
    const known = left(verdict, concern);
    expect(waiting(known)).toEqual(['dora']);
    expect(known.asked.at(-1)).toMatchObject({ n: 2, because: 'turned', as: 'deputy' });
    expect(known.shownTo).toEqual(['wim', 'dora'].map((person) => ({ to: 'person', person })));
    // Once, in that commit: her card is changed to one that says nothing.
    expect(noticesOf(verdict).filter((one) => 'person' in one.route && one.route.person === 'sana')).toEqual([
      { form: 'show', subject: 'concern:7K2-M4Z', route: { to: 'person', person: 'sana' } },
    ]);
  });

  it('does not let stand what somebody in conflict acknowledged', () => {
    const concern = acknowledgedBy(raised({ told: { staff: 'unknown' } }), 'sana');
    const known = left(about(concern, 'dora', { staff: 'yes', people: 'sana' }), concern);
    expect(known.acknowledged).toBeUndefined();
    expect(known.opened).toBeUndefined();
    expect(known.lapsed).toMatchObject([
      { what: 'opened', by: { person: 'sana' }, because: 'may-not-know', until: NOW },
      { what: 'acknowledged', by: { person: 'sana' } },
    ]);
    expect(waiting(known)).toEqual(['dora']);
    expect(timerOf(known, terms).due).not.toBeNull();
  });

  it('lets stand what somebody else acknowledged', () => {
    const concern = acknowledgedBy(raised({ told: { staff: 'unknown' } }), 'dora');
    const known = left(about(concern, 'dora', { staff: 'yes', people: 'sana' }), concern);
    expect(known.acknowledged).toEqual(concern.acknowledged);
    expect(waiting(known)).toEqual([]);
    expect(timerOf(known, terms).due).toBeNull();
  });

  it('is not for whoever raised it, whatever their role', () => {
    const concern = { ...raised(), raisedBy: { person: 'sana', name: 'Sana Test' } };
    const own = { ...factsOf(concern, 'sana'), knows: 'raiser' as const };
    expect(() => sayWhom(own, { staff: 'no' }, ground())).toThrow('You raised this concern');
  });

  it('waits for the outside contact where nobody is left', () => {
    const concern = raised({ told: { staff: 'unknown' } });
    const known = left(about(concern, 'dora', { staff: 'yes', people: 'sana,dora,olu,petra' }), concern);
    expect(waiting(known)).toEqual([]);
    expect(known.outside).toMatchObject({ since: NOW });
    expect(timerOf(known, terms).due).toBe('2026-11-24T17:42:00.000Z');
  });
});
