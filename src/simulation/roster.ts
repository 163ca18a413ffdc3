import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { NOBODY } from '../rota/cards-forms.ts';
import type { Rota, Shift } from '../rota/rota.ts';
import type { DutyAct } from './happening.ts';
import type { Dice } from './seeded.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Slot {
  readonly provider: string;
  readonly role: string;
  /** Hours of the day at which a shift begins, and how long each lasts. */
  readonly from: readonly number[];
  readonly hours: number;
  readonly days: number;
}

/** Where a rota has somebody, mostly. */
const SLOTS: readonly Slot[] = [
  { provider: 'prime', role: 'coordinator', from: [7], hours: 13, days: 7 },
  { provider: 'prime', role: 'lead', from: [8], hours: 24, days: 7 },
  { provider: 'prime', role: 'clinician', from: [7, 19], hours: 12, days: 7 },
  { provider: 'hospice', role: 'manager', from: [8], hours: 12, days: 5 },
  { provider: 'hospice', role: 'clinician', from: [8, 20], hours: 12, days: 7 },
  { provider: 'rapid', role: 'manager', from: [7], hours: 14, days: 7 },
  { provider: 'rapid', role: 'clinician', from: [7, 19], hours: 12, days: 7 },
  { provider: 'charity', role: 'visitor', from: [9], hours: 8, days: 5 },
];

/** The file of a week's shifts from `from` on, milliseconds since 1970: with gaps, and sometimes two together. */
export function rosterOf(terms: Agreement, from: number, dice: Dice): string {
  const lines = ['person,provider,role,from,to'];
  for (const { provider, role, from: starts, hours, days } of SLOTS) {
    const able = terms.people.filter(({ positions }) =>
      positions.some((position) => position.provider === provider && position.role === role),
    );
    for (let day = 0; day < days; day++) {
      for (const start of starts) {
        if (able.length === 0 || dice.happens(0.18)) continue;
        const first = dice.pick(able).key;
        const second = dice.pick(able).key;
        const begins = from + day * DAY + start * HOUR;
        const span = [begins, begins + hours * HOUR].map((at) => new Date(at).toISOString());
        for (const person of new Set(dice.happens(0.35) ? [first, second] : [first])) {
          lines.push([person, provider, role, ...span].join(','));
        }
      }
    }
  }
  return lines.join('\n');
}

/** What somebody presses about their duty, as the rota stands; undefined where there is nothing to press. */
export function dutyPress(
  act: DutyAct,
  person: string,
  rota: Rota,
  terms: Agreement,
  now: Instant,
  dice: Dice,
): readonly [verb: string, data: object] | undefined {
  const positions = terms.people.find(({ key }) => key === person)?.positions ?? [];
  const mine = rota.shifts.filter(
    (shift) => shift.person === person && (shift.to === undefined || shift.to > now),
  );
  const later = (hours: number): Instant => new Date(Date.parse(now) + hours * HOUR).toISOString();
  switch (act) {
    case 'on': {
      if (positions.length === 0) return undefined;
      const { provider, role } = dice.pick(positions);
      return [
        'rota.on.send',
        { provider, role, ...(dice.happens(0.6) && { until: later(dice.between(1, 10)) }) },
      ];
    }
    case 'off': {
      const running = mine.filter(({ from }) => from <= now);
      return running.length === 0 ? undefined : ['rota.off.send', { shift: dice.pick(running).id }];
    }
    case 'swap': {
      const shift: Shift | undefined = mine.length === 0 ? undefined : dice.pick(mine.slice(0, 3));
      const takers = terms.people.filter(
        ({ key, positions: theirs }) =>
          key !== person && theirs.some((one) => one.provider === shift?.provider && one.role === shift.role),
      );
      if (!shift || takers.length === 0) return undefined;
      return ['rota.swap.send', { shift: shift.id, to: dice.pick(takers).key }];
    }
    case 'away': {
      const colleagues = terms.people.filter(
        ({ key, positions: theirs }) =>
          key !== person && theirs.some(({ provider }) => positions.some((one) => one.provider === provider)),
      );
      const cover = colleagues.length > 0 && dice.happens(0.6) ? dice.pick(colleagues).key : NOBODY;
      const [toDate = '', time = ''] = later(dice.between(2, 40)).split('T');
      return ['rota.away.send', { cover, toDate, toTime: time.slice(0, 5) }];
    }
    case 'back': {
      const away = rota.away.find((one) => one.person === person && one.to > now);
      return away && ['rota.away.undo', { person, from: away.from }];
    }
  }
}
