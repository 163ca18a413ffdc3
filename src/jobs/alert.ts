import { type Agreement, partnerName, peopleWho, primeOf, providerOf } from '../agreement/agreement.ts';
import type { Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { whenText } from '../core/wording.ts';
import type { Overdue } from './overdue.ts';

/** Who holds a case, and for whom it waits: ids of providers. */
export interface CaseStands {
  readonly caseId: string;
  /** Absent where nobody holds it. */
  readonly holder?: string;
  readonly waitsFor: readonly string[];
}

/** What is late on a pathway, as people are told. */
export interface LateSince {
  readonly timer?: Instant;
  readonly notice?: Instant;
}

/** Cases named in one message; the others are counted. */
export const MOST_CASES = 5;

/** Since when each sort of thing waits. */
export function lateSince(late: readonly Overdue[]): LateSince {
  const first = (what: Overdue['what']): Instant | undefined =>
    late
      .filter((one) => one.what === what)
      .map(({ due }) => due)
      .sort()[0];
  const timer = first('timer');
  const notice = first('notice');
  return { ...(timer !== undefined && { timer }), ...(notice !== undefined && { notice }) };
}

/** The numbers of the cases concerned, longest waiting first. Partitions with other names stay unnamed. */
export function casesOf(late: readonly Overdue[]): string[] {
  return [...new Set(late.map(({ caseId }) => caseId))].filter((id) =>
    /^[0-9A-Z]{3}-[0-9A-Z]{2,3}$/.test(id),
  );
}

/** Who is told: the prime's clinical leads and coordinators in person; the prime's channel where none of them can be. */
export function alerted(terms: Agreement): { readonly people: readonly Route[]; readonly otherwise: Route } {
  const prime = primeOf(terms).id;
  const keys = new Set([
    ...peopleWho(terms, prime, 'clinical-lead'),
    ...peopleWho(terms, prime, 'coordinate'),
  ]);
  return {
    people: [...keys].map((person) => ({ to: 'person', person })),
    otherwise: { to: 'channel', provider: prime },
  };
}

/** `St Anne's Hospice (0300 123 4503)` */
function ringing(terms: Agreement, id: string): string {
  const phone = providerOf(terms, id)?.phone;
  const name = partnerName(terms, id);
  return phone === undefined ? name : `${name} (${phone})`;
}

/** What is late, whom to ring, and what to tell whoever runs Baton. */
export function lateText(
  terms: Agreement,
  since: LateSince,
  cases: { readonly named: readonly CaseStands[]; readonly more: number },
  reference: string,
  again: boolean,
  now: Instant,
): string {
  const when = (at: Instant): string => whenText(at, now, terms.zone);
  return [
    `Baton is ${again ? 'still ' : ''}late on ${terms.name}.`,
    ...(since.timer === undefined
      ? []
      : [`Times have passed and Baton has not acted on them, since ${when(since.timer)}.`]),
    ...(since.notice === undefined
      ? []
      : [`Messages wait and Baton has not sent them, since ${when(since.notice)}.`]),
    'Do not wait for its cards and prompts: ring.',
    ...cases.named.map(({ caseId, holder, waitsFor }) => {
      const waits =
        waitsFor.length === 0
          ? ''
          : `, waiting for ${waitsFor.map((id) => ringing(terms, id)).join(' and ')}`;
      const held = holder === undefined ? 'nobody holds it' : `held by ${ringing(terms, holder)}`;
      return `Case ${caseId}: ${held}${waits}.`;
    }),
    ...(cases.more > 0 ? [`And ${cases.more} more: type /handovers.`] : []),
    `Tell whoever runs Baton for you: “${terms.pathway}, reference ${reference}”.`,
    'Baton writes again when it is well.',
  ].join('\n');
}

/** `notBefore`: should it stop again, nothing is told before. */
export function wellText(
  terms: Agreement,
  since: Instant,
  reference: string,
  notBefore: Instant,
  now: Instant,
): string {
  return [
    `Baton is well again on ${terms.name}, since ${whenText(since, now, terms.zone)}.`,
    'What was late has been done. Type /handovers for what is open now.',
    ...(notBefore > now
      ? [`Should it stop again, you hear of it at ${whenText(notBefore, now, terms.zone)} at the earliest.`]
      : []),
    `Reference ${reference}.`,
  ].join('\n');
}
