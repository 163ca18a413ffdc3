import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../core/clock.ts';

/** The local day so many days before one. */
export const daysBefore = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).subtract({ days }).toString();

/** The first nine in the morning of the zone after `now`. */
export function nextMorning(now: Instant, zone: string): Instant {
  const date = Temporal.Instant.from(now).toZonedDateTimeISO(zone).toPlainDate();
  const nine = (day: Temporal.PlainDate): Instant =>
    day
      .toZonedDateTime({ timeZone: zone, plainTime: '09:00' })
      .toInstant()
      .toString({ fractionalSecondDigits: 3 });
  const today = nine(date);
  return today > now ? today : nine(date.add({ days: 1 }));
}
