import { describe, expect, it } from 'vitest';
import { caseCard } from '../../../src/handovers/cards-lists.ts';
import { makeOffer } from '../../../src/handovers/offer.ts';
import { caseListed, heldBy, heldCase } from '../../../src/register/case.ts';
import { actor, complete, inForce, terms } from '../../support/pathway.ts';
import { NOW, nobodys } from './case-fixture.ts';

describe('a case that nobody holds', () => {
  it('stands on the lists of what is unowned, and on nobody’s cases', () => {
    expect(caseListed(nobodys).lists).toEqual({
      chains: '7K2-M4X',
      identity: `${NOW}|7K2-M4X`,
      unowned: `${NOW}|7K2-M4X`,
      'unowned@hospice': `${NOW}|7K2-M4X`,
      'listed@hospice': '000001|7K2-M4X',
    });
  });

  it('stands with the others of its list where they climb as one', () => {
    const unowned = nobodys.unowned && { ...nobodys.unowned, climbs: 'with-its-list' as const };
    expect(caseListed({ ...nobodys, ...(unowned && { unowned }) }).lists).toMatchObject({
      'unowned.of@hospice': '000001|7K2-M4X',
    });
  });

  it('leaves them all when somebody holds it', () => {
    const held = { ...nobodys, holder: { provider: 'charity', role: 'worker' } };
    expect(Object.keys(caseListed(held).lists ?? {}).sort()).toEqual([
      'cases@charity',
      'chains',
      'identity',
      'listed@hospice',
    ]);
  });

  it('cannot be offered on before somebody takes it, and says how', () => {
    const offer = { from: 'hospice', to: 'charity', caseId: nobodys.caseId, content: complete };
    const times = { now: NOW, answerBy: NOW, neededBy: NOW };
    const making = {
      offer,
      actor: actor('nina'),
      agreement: inForce,
      caseId: nobodys.caseId,
      claim: 'c',
      ...times,
    };
    const refused = 'Nobody holds this case. Take it first: /take 7K2-M4X';
    expect(() => makeOffer(making, { caseDoc: nobodys, last: undefined })).toThrow(refused);
    expect(() => heldCase(nobodys)).toThrow(refused);
    const holder = { provider: 'hospice', role: 'nurse' };
    const { change } = makeOffer(making, { caseDoc: { ...nobodys, holder }, last: undefined });
    expect(change.documents?.[0]).toMatchObject({ holder, handovers: [{ id: 'h1' }] });
  });

  it('says so on /case, and asks nobody to decide in the place of a holder', () => {
    expect(heldBy(undefined, terms)).toBe('Nobody holds this case');
    const view = caseCard(nobodys, terms, NOW, { entitled: false, onDuty: () => [] });
    expect(view.summary).toBe('Case 7K2-M4X. Nobody holds this case.');
    expect(view.data).toMatchObject({ holder: 'Nobody holds this case' });
    expect(JSON.stringify(view)).not.toContain('Margaret');
  });
});
