import { type Agreement, partnerName, peopleInRole, roleOf, staffName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { whenText } from '../core/wording.ts';
import { placeOf } from './people.ts';

/** What is said of somebody on duty whom Baton does not reach. */
export const UNREACHED = 'Baton cannot reach them yet: they must open Baton once.';
export const YOU_UNREACHED =
  'Baton cannot reach you yet: open a chat with Baton and say hello. Until then you do not count as on duty.';

/** `from 14:00 today until 20:00 today`; without an end `until they say they are off`. */
export function spanText(
  { from, to }: { readonly from: Instant; readonly to?: Instant | undefined },
  now: Instant,
  zone: string,
  who: 'you' | 'they' = 'they',
): string {
  const until = to === undefined ? untilSaid(who) : `until ${whenText(to, now, zone)}`;
  return from <= now ? until : `from ${whenText(from, now, zone)} ${until}`;
}

/** `until 20:00 today`, `until they say they are off`. */
export const untilText = (to: Instant | undefined, now: Instant, zone: string): string =>
  to === undefined ? untilSaid('they') : `until ${whenText(to, now, zone)}`;

const untilSaid = (who: 'you' | 'they'): string => `until ${who} say ${who} are off`;

/** `Duty manager or Coordinator at St Anne's Hospice`: of these roles those that somebody holds there. */
export function rolesAt(terms: Agreement, provider: string, roles: readonly string[]): string {
  const held = roles.filter((role) => peopleInRole(terms, provider, role).length > 0);
  const names = (held.length > 0 ? held : roles).map((role) => roleOf(terms, role)?.name ?? role);
  return `${names.join(' or ')} at ${partnerName(terms, provider)}`;
}

type Refs = Readonly<Record<string, string>>;

/** A line about duty for one of the people it concerns; undefined for a code that this version does not know. */
export function dutyLine(
  code: string,
  refs: Refs,
  reader: string,
  terms: Agreement,
  now: Instant,
): string | undefined {
  const { person = '', giver = '', by = '', provider = '', role = '', from = now, to, cover } = refs;
  const name = (key: string): string => staffName(key, terms);
  const place = placeOf(terms, { provider, role });
  const mine = reader === person;
  const when = spanText({ from, to }, now, terms.zone, mine ? 'you' : 'they');
  // Said to those who did not enter it and cannot tell from the line who did.
  const entered = (...known: string[]): string =>
    by === '' || by === reader || known.includes(by) ? '' : ` Entered by ${name(by)}.`;
  switch (code) {
    case 'rota.on':
      return mine
        ? `You are on duty as ${place} ${when}.${entered()}`
        : `${name(person)} is on duty as ${place} ${when}.${entered()}`;
    case 'rota.off':
      if (mine) return `You are off duty as ${place}.${entered()}`;
      return `${name(person)} is off duty as ${place}. Type /oncall to see who is on duty.${entered(person)}`;
    case 'rota.given':
      if (mine) return `You are on duty as ${place} ${when}, in place of ${name(giver)}.${entered(giver)}`;
      return `${name(person)} is on duty as ${place} ${when}, in place of ${reader === giver ? 'you' : name(giver)}.${entered(person)}`;
    case 'rota.away': {
      if (cover === reader) return `You cover for ${name(person)} ${when}.${entered(person)}`;
      const covered = cover === undefined ? 'Nobody covers' : `${name(cover)} covers`;
      if (mine) return `You are away ${when}. ${covered}.${entered()}`;
      return `${name(person)} is away ${when}. ${covered}.${entered(person)}`;
    }
    case 'rota.back':
      if (mine) return `You are no longer entered as away.${entered()}`;
      return `${name(person)} is no longer away${cover === reader ? ': you no longer cover for them' : ''}.${entered(person)}`;
    case 'rota.imported': {
      const one = refs.count === '1';
      const shifts = one ? 'One shift of yours was' : `${refs.count} shifts of yours were`;
      const first =
        from > now
          ? `the first from ${whenText(from, now, terms.zone)}`
          : `and ${one ? 'it' : 'the first'} has begun`;
      return `${shifts} put on the rota, ${first}. Type /oncall to see who is on duty.`;
    }
    default:
      return undefined;
  }
}

/** The line about a gap: who is asked for there, from when until when, and what to do. */
export function gapLine(
  { provider, roles, from, to }: { provider: string; roles: readonly string[]; from: Instant; to?: Instant },
  terms: Agreement,
  now: Instant,
): string {
  const until = to === undefined ? '' : ` until ${whenText(to, now, terms.zone)}`;
  const after = to === undefined ? ', and nobody comes after' : '';
  const since = from <= now ? 'Since' : 'From';
  return `${since} ${whenText(from, now, terms.zone)}${until} nobody is on duty as ${rolesAt(terms, provider, roles)}${after}. What they would be asked then goes up the ladder at once. Type /oncall to put somebody on duty.`;
}
