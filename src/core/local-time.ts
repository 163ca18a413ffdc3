import { Temporal } from 'temporal-polyfill';
import type { Instant } from './clock.ts';
import { readDate } from './wording.ts';

/** A time as somebody wrote it: the instant that it means, or what is wrong with it, as an instruction. */
export type ReadTime =
  | { readonly at: Instant; readonly wrong?: undefined }
  | { readonly at?: undefined; readonly wrong: string };

const AS_WRITTEN = 'write it as 2026-11-24 08:00';

/**
 * Reads a local time of `zone` (`2026-11-24 08:00`, or day first as spreadsheets write it, `24/11/2026 08:00`)
 * or an instant with its offset (ISO 8601: `2026-11-24T08:00Z`, `2026-11-24T08:00+00:00`). A local time that a
 * clock change skips or repeats is no time yet: what to write instead is said.
 */
export function readTime(text: string, zone: string): ReadTime {
  const written = text.trim();
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/i.test(written)) {
    try {
      return { at: instantOf(Temporal.Instant.from(written)) };
    } catch {
      return { wrong: `there is no such time: ${AS_WRITTEN}` };
    }
  }
  const parts = /^(\S+)[ T]+(\d{1,2}):(\d\d)(?::00)?$/.exec(written);
  const date = parts?.[1] === undefined ? undefined : readDate(parts[1]);
  if (date === undefined) return { wrong: `this is no date and time: ${AS_WRITTEN}` };
  try {
    const time = `${parts?.[2]?.padStart(2, '0')}:${parts?.[3]}`;
    const local = Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: 'reject' });
    const [early, late] = [
      local.toZonedDateTime(zone, { disambiguation: 'earlier' }),
      local.toZonedDateTime(zone, { disambiguation: 'later' }),
    ];
    if (early.epochMilliseconds === late.epochMilliseconds) return { at: instantOf(early.toInstant()) };
    if (!early.toPlainDateTime().equals(local)) {
      const hour = late.toPlainTime().toString({ smallestUnit: 'minute' });
      return { wrong: `the clocks skip this time that night: write ${date} ${hour}` };
    }
    const [first, second] = [early, late].map((one) =>
      one.toString({ timeZoneName: 'never', smallestUnit: 'minute' }),
    );
    return { wrong: `this time comes twice that night: write ${first} or ${second}` };
  } catch {
    return { wrong: `there is no such time: ${AS_WRITTEN}` };
  }
}

const instantOf = (at: Temporal.Instant): Instant => at.toString({ fractionalSecondDigits: 3 });
