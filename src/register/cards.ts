import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import type { WaitingRow } from '../core/waiting.ts';
import { whenText } from '../core/wording.ts';
import type { Verb } from './cards-verbs.ts';
import { type CaseDoc, caseLabel, heldBy, UNOWNED_SUBJECT, type Unowned } from './case.ts';
import type { Together } from './list.ts';

/** Cases on one page of a list. */
export const ROWS_A_PAGE = 8;

/** What the button Take ownership carries. */
export const takeRef = (caseId: string, terms: Agreement) => ({ pathway: terms.pathway, caseId });

/** What the button that lists what is unowned carries; `provider` empty for all lists. */
export const pageRef = (terms: Agreement, provider = '', after = '') => ({
  pathway: terms.pathway,
  provider,
  after,
});

/** `From the list of St Anne's Hospice, true Fri 20 Nov, 18:00.` */
export function listText(
  { provider, asOf }: { readonly provider: string; readonly asOf: Instant },
  terms: Agreement,
  now: Instant,
): string {
  return `From the list of ${partnerName(terms, provider)}, true ${whenText(asOf, now, terms.zone)}.`;
}

/** A case that a list brought without a holder, safe for everybody: who can take it, or who has. */
export function unownedCard(caseDoc: CaseDoc, terms: Agreement, now: Instant): CardView {
  const { caseId, holder, person, unowned } = caseDoc;
  const held = holder !== undefined;
  const lines = [
    ...(unowned ? [listText(unowned, terms, now)] : []),
    ...(unowned && !held ? [`Somebody is to take it by ${whenText(unowned.needBy, now, terms.zone)}.`] : []),
    held
      ? 'Nothing for you to do.'
      : `Look it up in your own record. Type /case ${caseId} to see how it stands.`,
  ];
  const headline = heldBy(holder, terms);
  return {
    card: 'register/unowned',
    data: {
      tone: held ? 'good' : 'attention',
      kicker: 'Register',
      who: caseLabel(caseId, person, terms),
      headline,
      lines: lines.map((text) => ({ text })),
      may: { take: !held },
      ref: takeRef(caseId, terms),
    },
    summary: `Case ${caseId}. ${headline}.`,
  };
}

/** Cases of one list that came without a holder, as one card: how many there were, and how many are left. */
export function togetherCard(together: Together, left: number, terms: Agreement, now: Instant): CardView {
  const { provider, brought, needBy, ended } = together;
  const name = partnerName(terms, provider);
  const headline = ended ? 'All of them are held now' : `Nobody holds ${left} of ${brought} cases`;
  const lines = [
    listText(together, terms, now),
    ended
      ? 'Nothing for you to do.'
      : `Somebody is to take each by ${whenText(needBy, now, terms.zone)}. Show them, and take those that are yours.`,
  ];
  return {
    card: 'register/together',
    data: {
      tone: ended ? 'good' : 'attention',
      kicker: 'Register',
      who: `Cases on the list of ${name}`,
      headline,
      lines: lines.map((text) => ({ text })),
      may: { show: !ended },
      ref: pageRef(terms, provider),
    },
    summary: `Cases on the list of ${name}. ${headline}.`,
  };
}

/** A case that nobody holds, as a row of /mine for somebody who may take it. */
export function waitingRow(
  { caseId, person }: CaseDoc,
  unowned: Unowned,
  terms: Agreement,
  now: Instant,
): WaitingRow {
  return {
    who: caseLabel(caseId, person, terms),
    about: `${caseId}|${UNOWNED_SUBJECT}`,
    lines: [listText(unowned, terms, now)],
    standing: standingText(unowned, terms, now),
    late: unowned.needBy < now,
    button: { title: 'Take', verb: 'case.take' satisfies Verb, data: takeRef(caseId, terms) },
  };
}

const standingText = ({ needBy }: Unowned, terms: Agreement, now: Instant): string =>
  `Somebody is to take it by ${whenText(needBy, now, terms.zone)}`;

/** A page of the cases that nobody holds, safe for everybody. `more` goes on after the last that is shown. */
export function unownedList(
  rows: readonly CaseDoc[],
  terms: Agreement,
  now: Instant,
  more?: { readonly provider: string; readonly after: string },
): CardView {
  const shown = rows.slice(0, ROWS_A_PAGE);
  return {
    card: 'register/list',
    data: {
      title: 'Cases that nobody holds',
      empty: shown.length === 0,
      rows: shown.flatMap(({ caseId, person, unowned }) =>
        unowned
          ? [
              {
                who: caseLabel(caseId, person, terms),
                from: listText(unowned, terms, now),
                standing: standingText(unowned, terms, now),
                colour: unowned.needBy < now ? 'attention' : 'default',
                label: caseId,
                ref: takeRef(caseId, terms),
              },
            ]
          : [],
      ),
      may: { more: more !== undefined },
      more: pageRef(terms, more?.provider, more?.after),
    },
    summary: shown.length === 0 ? 'Every case is held.' : `Cases that nobody holds: ${shown.length} shown.`,
  };
}
