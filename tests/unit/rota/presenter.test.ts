import { describe, expect, it } from 'vitest';
import { plusMs } from '../../../src/core/clock.ts';
import type { OnCall, RotaCommands } from '../../../src/rota/commands.ts';
import { rotaPresenter } from '../../../src/rota/presenter.ts';
import { type Away, rotaKey, type Shift, shiftId } from '../../../src/rota/rota.ts';
import { DUTY_SUBJECT, GAP_SUBJECT } from '../../../src/rota/upkeep.ts';
import { terms } from '../../support/pathway.ts';

/** An hour of Tuesday 24 November 2026. */
const at = (hour: number): string => plusMs('2026-11-24T00:00:00.000Z', hour * 3_600_000);
const now = at(11);
const KEY = rotaKey('testdale');
const nurse = { provider: 'hospice', role: 'nurse' };

function shift(person: string, from: number, to?: number): Shift {
  const entry = { person, ...nurse, from: at(from), ...(to !== undefined && { to: at(to) }) };
  return { id: shiftId(entry), ...entry };
}
const presenterOver = (shifts: readonly Shift[], away: readonly Away[] = []) => {
  const onCall: OnCall = { shifts, away, reached: () => true };
  const commands: Pick<RotaCommands, 'termsOf' | 'onCall'> = {
    termsOf: async () => terms,
    onCall: async () => onCall,
  };
  return rotaPresenter(commands);
};
const told = (line: string, refs: Record<string, string>, person = 'nina', subject = DUTY_SUBJECT) => ({
  form: 'tell' as const,
  subject,
  line,
  refs,
  route: { to: 'person' as const, person },
});

describe('a line about duty', () => {
  const on = told('rota.on', { person: 'nina', ...nurse, from: at(8), by: 'cora' });
  const given = told('rota.given', { person: 'nina', ...nurse, from: at(8), giver: 'noah', by: 'noah' });
  const absent = { person: 'noah', from: at(8), to: at(20), cover: 'nina' };
  const covers = told('rota.away', { ...absent, by: 'noah' });

  it.each([
    ['that is entered', on, presenterOver([shift('nina', 8)]), true],
    ['that is undone', on, presenterOver([]), false],
    ['that is over', on, presenterOver([shift('nina', 8, 10)]), false],
    ['that was given', given, presenterOver([shift('nina', 8)]), true],
    ['that was given and came back', given, presenterOver([shift('noah', 8)]), false],
    ['that was given as a cover', given, presenterOver([shift('noah', 8)], [absent]), true],
    ['of an absence', covers, presenterOver([], [absent]), true],
    ['of an absence that was taken out', covers, presenterOver([]), false],
    ['of a duty that ended', told('rota.off', { ...on.refs, to: now }), presenterOver([]), true],
  ])('%s is said only while it is so', async (_, notice, presenter, said) => {
    expect((await presenter.tell(KEY, notice, now)) !== undefined).toBe(said);
  });

  it('stands nowhere as a card, and is for the person alone', async () => {
    const presenter = presenterOver([shift('nina', 8)]);
    const route = { to: 'person', person: 'nina' } as const;
    expect(await presenter.show(KEY, DUTY_SUBJECT, route, now)).toBeUndefined();
    expect(await presenter.fallbacks(KEY, DUTY_SUBJECT, route)).toEqual([]);
  });
});

describe('a line about a gap', () => {
  const refs = { provider: 'hospice', roles: 'nurse,worker,coordinator', from: at(20) };
  const gap = told('rota.gap', refs, 'lena', GAP_SUBJECT);

  it('is said while it is one, and not when somebody came', async () => {
    expect(await presenterOver([shift('nina', 8, 20)]).tell(KEY, gap, now)).toContain('nobody is on duty');
    const filled = presenterOver([shift('nina', 8, 20), shift('noah', 20, 30)]);
    expect(await filled.tell(KEY, gap, now)).toBeUndefined();
  });

  it.each([
    ['of the prime’s clinical lead to the prime’s channel', 'lena', [{ to: 'channel', provider: 'prime' }]],
    ['of a coordinator to their provider’s channel', 'cora', [{ to: 'channel', provider: 'prime' }]],
    ['of somebody who is neither to nobody', 'vera', []],
  ])('goes instead %s', async (_, person, routes) => {
    const presenter = presenterOver([]);
    expect(await presenter.fallbacks(KEY, GAP_SUBJECT, { to: 'person', person })).toEqual(routes);
    expect(await presenter.fallbacks(KEY, GAP_SUBJECT, { to: 'channel', provider: 'prime' })).toEqual([]);
  });
});
