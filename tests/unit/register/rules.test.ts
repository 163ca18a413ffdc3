import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { Refused } from '../../../src/core/errors.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { fasterText, take, takingPositions } from '../../../src/register/rules.ts';
import { actor, terms } from '../../support/pathway.ts';
import { nobodys } from './case-fixture.ts';

const LATER = '2026-11-23T09:05:00.000Z';
const agreed = (...roles: string[]): Agreement => ({
  ...terms,
  register: { ...terms.register, take: roles },
});
const taking = (
  who: string,
  today: Agreement = agreed('coordinator', 'nurse'),
  at?: string,
  caseDoc = nobodys,
) => take({ caseDoc, actor: actor(who), today, now: LATER, at });
const refusal = (run: () => unknown): Refused => {
  try {
    run();
  } catch (error) {
    if (error instanceof Refused) return error;
  }
  throw new Error('it was not refused');
};

describe('taking a case that nobody holds', () => {
  const WORKED = { subject: 'worked', fires: 'concerns.accepted', due: LATER };

  it('gives it to the person, for their provider and in their role, and records it', () => {
    const took = taking('nina');
    if (took.kind !== 'change') throw new Error(took.kind);
    expect(took.caseDoc).toMatchObject({
      holder: { provider: 'hospice', role: 'nurse', person: 'nina' },
      unowned: { revision: 2, taken: { by: { person: 'nina' }, at: LATER } },
    });
    expect(took.caseDoc.lists).not.toHaveProperty('unowned');
    expect(took.change.events).toMatchObject([{ type: 'case.taken', data: { holder: 'hospice/nurse' } }]);
    expect(JSON.stringify(took.change.events)).not.toContain('Margaret');
    expect(took.change.notices).toEqual([
      { form: 'show', subject: 'unowned:case', route: { to: 'channel', provider: 'hospice' } },
    ]);
    // Always, where concerns were agreed about: it would tell of one otherwise.
    expect(took.change.timers).toEqual([WORKED]);
  });

  it('lets its list know, where it climbs with the others of it', () => {
    const unowned = {
      ...(nobodys.unowned as NonNullable<CaseDoc['unowned']>),
      climbs: 'with-its-list' as const,
    };
    const took = taking('nina', undefined, undefined, { ...nobodys, unowned });
    expect(took.kind === 'change' && took.change.timers).toEqual([
      { subject: 'unowned:case', fires: 'register.taken', due: LATER },
      WORKED,
    ]);
  });

  it.each([
    ['cora', ['prime']],
    ['nina', []],
    ['lena', []],
    ['both', ['prime']],
    ['vera', []],
  ])('is for those who coordinate where the partners named no roles: %s for %j', (who, providers) => {
    expect(takingPositions(actor(who), terms).map(({ provider }) => provider)).toEqual(providers);
  });

  it('is for a clinical lead only where the agreement says so', () => {
    expect(refusal(() => taking('lena'))).toMatchObject({
      code: 'role',
      message:
        'Taking a case that nobody holds is for these roles: Coordinator, Duty nurse. Ask a colleague who has one.',
    });
    expect(taking('lena', agreed('lead')).caseDoc.holder).toMatchObject({ provider: 'prime', role: 'lead' });
  });

  it.each([
    ['the one whose list it is', undefined, undefined, 'hospice'],
    ['the one that they say', undefined, 'prime', 'prime'],
    ['the only one where they may', agreed('coordinator'), undefined, 'prime'],
  ])('somebody of several providers takes it for %s', (_, today, at, provider) => {
    expect(taking('both', today, at).caseDoc.holder.provider).toBe(provider);
  });

  it('asks for whom, where it is on the list of neither', () => {
    const unowned = { ...(nobodys.unowned as NonNullable<CaseDoc['unowned']>), provider: 'charity' };
    expect(refusal(() => taking('both', undefined, undefined, { ...nobodys, unowned }))).toMatchObject({
      code: 'choose',
      message:
        'You work for Prime Trust and St Test Hospice. Say for whom you take it: /take 7K2-M4X prime, or /take 7K2-M4X hospice.',
    });
    expect(refusal(() => taking('nina', undefined, 'prime'))).toMatchObject({
      code: 'provider',
      message:
        'You can take it for St Test Hospice: type /take 7K2-M4X hospice. To have Prime Trust take it, ask a colleague there.',
    });
  });

  it('is done for whoever has taken it, and says to others who was faster', () => {
    const { caseDoc } = taking('nina');
    expect(taking('nina', undefined, undefined, caseDoc).kind).toBe('done');
    const late = taking('cora', undefined, undefined, caseDoc);
    expect(late.kind).toBe('moved');
    expect(fasterText(late.caseDoc, terms)).toBe(
      'Nina Test was faster. Held by St Test Hospice (Nina Test, duty nurse).',
    );
  });

  it('changes nothing about a case that somebody always held', () => {
    const { unowned: _, ...rest } = nobodys;
    const held: CaseDoc = { ...rest, holder: { provider: 'charity', role: 'worker' } };
    const late = taking('nina', undefined, undefined, held);
    expect(late.kind).toBe('moved');
    expect(fasterText(late.caseDoc, terms)).toBe('Held by Test Charity (worker).');
  });
});
