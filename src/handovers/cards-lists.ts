import { type Agreement, type ProviderTerms, partnerName } from '../agreement/agreement.ts';
import { type Deciding, type OnDuty, whoDecides } from '../agreement/deciding.ts';
import { capital, partyWords } from '../agreement/ladder-words.ts';
import type { Instant } from '../core/clock.ts';
import { formatNhsNumber } from '../core/nhs-number.ts';
import type { CardView } from '../core/routes.ts';
import type { WaitingRow } from '../core/waiting.ts';
import { dateText, dateTime, whenText } from '../core/wording.ts';
import { type CaseDoc, caseLabel, heldBy, ownNumbers } from '../register/case.ts';
import { answerLine, buttonData, stateWords, urgencyName } from './cards-parts.ts';
import type { Verb } from './cards-verbs.ts';
import { type Handover, handoverSubject } from './handover.ts';
import { isOpen } from './lists.ts';

/** Handovers on one page of a list. */
export const ROWS_A_PAGE = 8;

/**
 * A page of handovers, each with View: register id and initials, between whom, where it stands and by when to
 * answer. Safe for a channel. `more` says which list goes on after which place; rows past the eighth are not shown.
 */
export function handoverList(
  title: string,
  rows: readonly Handover[],
  terms: Agreement,
  now: Instant,
  more?: { readonly list: string; readonly after: string },
): CardView {
  return {
    card: 'handovers/list',
    data: {
      title,
      empty: rows.length === 0,
      rows: rows.slice(0, ROWS_A_PAGE).map((handover) => ({
        who: caseLabel(handover.caseId, handover.content.person, terms),
        route: routeText(handover, terms),
        standing: rowStanding(handover, terms, now),
        colour: overdue(handover, now) ? 'attention' : 'default',
        label: handover.caseId,
        ref: buttonData(handover, terms),
      })),
      may: { more: more !== undefined },
      more: { pathway: terms.pathway, list: more?.list ?? '', after: more?.after ?? '' },
    },
    summary: `${title}: ${rows.length === 0 ? 'nothing' : `${Math.min(rows.length, ROWS_A_PAGE)} shown`}.`,
  };
}

/** A handover that waits for the reader, as a row of /mine: as safe as on a list. */
export const waitingRow = (handover: Handover, terms: Agreement, now: Instant): WaitingRow => ({
  who: caseLabel(handover.caseId, handover.content.person, terms),
  about: `${handover.caseId}|${handoverSubject(handover.handoverId)}`,
  lines: [routeText(handover, terms)],
  standing: rowStanding(handover, terms, now),
  late: overdue(handover, now),
  button: { title: 'View', verb: 'handover.view' satisfies Verb, data: buttonData(handover, terms) },
});

const routeText = ({ from, to }: Handover, terms: Agreement): string =>
  `${partnerName(terms, from.partner)} → ${partnerName(terms, to)}`;

/**
 * Who holds a case, what is open about it, and who decides at each step. The person's name, date of birth and NHS number only if the
 * reader is `entitled`; otherwise safe for everybody on the pathway.
 */
export function caseCard(
  caseDoc: CaseDoc,
  terms: Agreement,
  now: Instant,
  {
    entitled,
    onDuty,
    climbing = false,
    setsActions = false,
  }: {
    readonly entitled: boolean;
    readonly onDuty: OnDuty;
    readonly climbing?: boolean;
    readonly setsActions?: boolean;
  },
): CardView {
  const { person, mergedInto, mergedFrom = [], linkedWith = [] } = caseDoc;
  // What counts with another case waits for nobody itself.
  const holder = mergedInto === undefined ? caseDoc.holder : undefined;
  const name = [person.given, person.surname].filter((part) => part !== undefined).join(' ');
  const open = caseDoc.handovers.filter(isOpen);
  const unowned = holder || mergedInto !== undefined ? undefined : caseDoc.unowned;
  const accepted = caseDoc.handovers.at(-1)?.state === 'accepted' ? holder?.provider : undefined;
  const receiver = open.at(-1)?.to ?? accepted;
  const sides = { ...(holder && { sender: holder.provider }), ...(receiver && { receiver }) };
  // Where nobody holds it there is no handover, and nobody on the sides of one.
  const deciding = (mergedInto === undefined ? whoDecides(terms, sides, onDuty) : []).filter(
    ({ at }) => unowned === undefined || at !== undefined,
  );
  const heldText =
    mergedInto === undefined ? heldBy(holder, terms) : `The same referral as case ${mergedInto}`;
  return {
    card: 'handovers/case',
    data: {
      who: caseLabel(caseDoc.caseId, person, terms),
      holder: heldText,
      since: `${caseDoc.state === 'open' ? 'Open' : 'Closed'}, on the register since ${dateTime(caseDoc.createdAt, terms.zone, now)}`,
      open: [
        mergedInto !== undefined
          ? `It counts with that one, and nothing is done here any more: /case ${mergedInto}`
          : unowned
            ? `Somebody is to take it by ${whenText(unowned.needBy, now, terms.zone)}.`
            : waitingText(open.length),
        ...(climbing ? [`It climbs the ladder: /why ${caseDoc.caseId} shows who is asked.`] : []),
        ...mergedFrom.map((id) => `Case ${id} is the same referral and counts with this one.`),
        ...(entitled ? linkedWith.map((id) => `Case ${id} is other work for the same person.`) : []),
      ].join(' '),
      entitled,
      name: entitled && name ? name : 'Name not given',
      born: (entitled && person.dob && dateText(person.dob)) || 'Not given',
      nhsNumber: (entitled && person.nhsNumber && formatNhsNumber(person.nhsNumber)) || 'Not given',
      own: entitled ? ownNumbers(caseDoc, terms) : '',
      rows: caseDoc.handovers
        .slice(-ROWS_A_PAGE)
        .toReversed()
        .map((one) => ({
          route: `${partnerName(terms, one.from)} → ${partnerName(terms, one.to)}`,
          state: stateWords(one, terms).words,
          label: `handover ${one.id}`,
          // What is viewed is the present state, whatever its revision.
          ref: { pathway: terms.pathway, caseId: caseDoc.caseId, handoverId: one.id, revision: 0 },
        })),
      // Pressed by somebody who may not, it says who may.
      may: { take: unowned !== undefined, setAction: setsActions && mergedInto === undefined },
      ref: { pathway: terms.pathway, caseId: caseDoc.caseId },
      decided: deciding.length > 0,
      deciding: deciding
        .slice(0, STEPS_A_CASE)
        .map((one) => ({ step: one.step, who: decidesLine(one, terms) })),
    },
    summary: `Case ${caseDoc.caseId}. ${heldText}.`,
  };
}

const waitingText = (open: number): string =>
  open === 0 ? 'Nothing is waiting for an answer.' : `Waiting for an answer: ${open}.`;

/** `/raci` shows the others. */
const STEPS_A_CASE = 10;

/** `Duty manager, St Anne's Hospice. On duty now: Adele Vance`. */
function decidesLine({ accountable, at }: Deciding, terms: Agreement): string {
  if (!at) return `${capital(partyWords(terms, accountable))}. Nobody is asked at the moment`;
  if (at.role === undefined) return `Nobody at ${at.provider.name} has this role`;
  const duty = at.onDuty.length > 0 ? `On duty now: ${at.onDuty.join(', ')}` : 'Nobody is on duty now';
  return `${at.role}, ${at.provider.name}. ${duty}`;
}

/** The channel's standing card, to be pinned: offering a handover starts here. */
export function standingCard(provider: ProviderTerms, terms: Agreement): CardView {
  return {
    card: 'handovers/standing',
    data: {
      provider: provider.name,
      pathway: terms.name,
      may: { raise: terms.safeguarding !== undefined },
      ref: { pathway: terms.pathway },
    },
    summary: `${provider.name} on ${terms.name}: offer a handover.`,
  };
}

const overdue = (handover: Handover, now: Instant): boolean =>
  handover.state === 'offered' && handover.answerBy < now;

function rowStanding(handover: Handover, terms: Agreement, now: Instant): string {
  const { words } = stateWords(handover, terms);
  return isOpen(handover)
    ? `${urgencyName(handover, terms)}. ${words}. ${answerLine(handover, terms, now)}`
    : words;
}
