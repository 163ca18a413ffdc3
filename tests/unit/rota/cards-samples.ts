import type { CardView } from '../../../src/core/routes.ts';
import { onCallCard, type Shown } from '../../../src/rota/cards.ts';
import { afterOff, afterOn } from '../../../src/rota/cards-after.ts';
import { giveCard, type Mine, offCard, swapCard } from '../../../src/rota/cards-duties.ts';
import { awayForm, onCard, shiftForm } from '../../../src/rota/cards-forms.ts';
import { type Away, type Shift, shiftId } from '../../../src/rota/rota.ts';
import { NOW, terms } from '../handovers/cards-fixture.ts';

const shift = (person: string, provider: string, role: string, from: string, to?: string): Shift => ({
  id: shiftId({ person, provider, role, from }),
  person,
  provider,
  role,
  from,
  ...(to !== undefined && { to }),
});

const shifts: readonly Shift[] = [
  shift('alex', 'northside', 'coordinator', '2026-11-24T08:00:00.000Z'),
  shift('alex', 'st-annes', 'nurse', '2026-11-24T08:00:00.000Z', '2026-11-24T20:00:00.000Z'),
  shift('sam', 'st-annes', 'nurse', '2026-11-24T20:00:00.000Z', '2026-11-25T08:00:00.000Z'),
];
const away: readonly Away[] = [
  { person: 'alex', from: '2026-11-30T09:00:00.000Z', to: '2026-12-04T17:00:00.000Z', cover: 'sam' },
  { person: 'alex', from: '2026-12-24T09:00:00.000Z', to: '2027-01-02T17:00:00.000Z' },
];
const shown: Shown = { rota: { shifts, away, reached: (person) => person === 'alex' }, terms, now: NOW };
const empty: Shown = { rota: { shifts: [], away: [], reached: () => true }, terms, now: NOW };
const covered: Shown = {
  ...shown,
  rota: {
    ...shown.rota,
    shifts: shifts.slice(1),
    away: [
      { person: 'alex', from: '2026-11-24T12:00:00.000Z', to: '2026-11-24T18:00:00.000Z', cover: 'sam' },
    ],
  },
};
const alex: Mine = { person: 'alex', coordinates: ['northside'] };
const jo: Mine = { person: 'jo', coordinates: [] };
const entered = { ...shown, changed: true };
const [, own] = shifts as [Shift, Shift];

/** Every sample of the rota's cards, by its name. */
export const ROTA_SAMPLES: Readonly<Record<string, CardView>> = {
  'rota/on-call': onCallCard(shown, ['st-annes']),
  'rota/on-call.covered': onCallCard(covered, ['st-annes']),
  'rota/on-call.empty': onCallCard(empty, []),
  'rota/on': onCard(shown, alex),
  'rota/on.one-role': onCard(shown, jo),
  'rota/shift': shiftForm(shown, alex),
  'rota/shift.one-role': shiftForm(shown, jo),
  'rota/shift.again': shiftForm(shown, alex, {
    typed: { who: 'alex|st-annes|nurse', toDate: '2026-11-24', toTime: '08:00' },
    problems: [
      { field: 'to', message: 'That end has passed, or comes before the start. Choose a later end.' },
    ],
  }),
  'rota/off': offCard(shown, alex),
  'rota/off.none': offCard(shown, jo),
  'rota/swap': swapCard(shown, alex),
  'rota/swap.none': swapCard(shown, jo),
  'rota/give': giveCard(shown, own, 'alex'),
  'rota/away': awayForm(shown, alex),
  'rota/away.own': awayForm(empty, jo),
  'rota/entered': afterOn(
    entered,
    { person: 'alex', provider: 'st-annes', role: 'nurse', from: NOW, to: own.to },
    'alex',
  ),
  'rota/entered.unreached': afterOn(
    entered,
    { person: 'sam', provider: 'st-annes', role: 'nurse', from: NOW, to: own.to },
    'alex',
  ),
  'rota/entered.off': afterOff(
    { ...entered, rota: { ...shown.rota, shifts: shifts.slice(2) } },
    { person: 'alex', shift: own },
    'alex',
  ),
};
