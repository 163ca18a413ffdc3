import { type Agreement, partnerName } from '../agreement/agreement.ts';
import { noticeCard } from '../core/cards.ts';
import type { Instant } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import type { CardView } from '../core/routes.ts';
import { whenText } from '../core/wording.ts';
import { type CaseDoc, caseLabel } from '../register/case.ts';
import type { PresentBatch } from './commands.ts';
import { type Mismatch, SETTLINGS } from './mismatch.ts';
import { type Counts, KIND_WORDS, MISMATCH_KINDS, type Reconciled, rateText } from './reconciliation.ts';
import type { PresentMismatch } from './settle.ts';
import { mismatchText, standingText } from './words.ts';

/** Mismatches on one page of a list. */
export const ROWS_A_PAGE = 8;

/** What the button that lists a provider's mismatches carries. */
export const pageRef = (terms: Agreement, provider: string, after = '') => ({
  pathway: terms.pathway,
  provider,
  after,
});

/** What the buttons of a mismatch carry. */
const refOf = ({ provider, caseId, what }: Mismatch, terms: Agreement) => ({
  pathway: terms.pathway,
  provider,
  caseId,
  what,
});

/** `Long wait 3, No outcome 1`, most first; empty where there is none. */
export function kindsText({ kinds }: Counts): string {
  return MISMATCH_KINDS.filter((kind) => kinds[kind] > 0)
    .sort((a, b) => kinds[b] - kinds[a])
    .map((kind) => `${KIND_WORDS[kind].toLowerCase()} ${kinds[kind]}`)
    .join(', ');
}

/** The figures of a run, by partner, with its lists; safe for everybody. `mine`: whose mismatches the reader may open. */
export function figuresCard(
  result: Reconciled,
  mine: readonly string[],
  terms: Agreement,
  now: Instant,
): CardView {
  const { all, partners, compared, week, finishedAt, gone } = result;
  const { received, firstContact, discharged } = terms.register.definitions;
  return {
    card: 'reconciliation/figures',
    data: {
      title: `Reconciliation, ${week}`,
      rate: `Mismatched: ${rateText(all)}`,
      when: `Compared ${whenText(finishedAt, now, terms.zone)}. New: ${all.fresh}, carried over: ${all.carriedOver}, gone: ${gone}, settled: ${all.settled}.`,
      kinds: `In all: ${kindsText(all) || 'no mismatches'}.`,
      partners: partners.map((one) => ({
        name: partnerName(terms, one.provider),
        rate: rateText(one),
        kinds: kindsText(one) || 'No mismatches',
      })),
      lists: compared.map((one) => ({
        text: standingText(one, terms, now),
        colour: one.state === 'fresh' ? 'default' : 'attention',
      })),
      meanings: `Received: ${received}. First contact: ${firstContact}. Discharged: ${discharged}.`,
      shows: mine.slice(0, 5).map((provider) => ({
        title: `Show those of ${partnerName(terms, provider)}`,
        ref: pageRef(terms, provider),
      })),
    },
    summary: `Reconciliation of ${week}: ${rateText(all)} mismatched.`,
  };
}

/** What a run found for one provider, for its channel: how much is left, and by when; it names no case. */
export function batchCard({ batch, left, today }: PresentBatch, now: Instant): CardView {
  const { provider, settleBy, since, ended, climbing } = batch;
  const name = partnerName(today, provider);
  const over = ended !== undefined;
  const headline = over
    ? 'Every mismatch is settled or gone'
    : `${left} ${left === 1 ? 'mismatch' : 'mismatches'} to settle`;
  const by = whenText(settleBy, now, today.zone);
  const lines = [
    `Between Baton and the lists, found ${whenText(since, now, today.zone)}.`,
    over
      ? 'Nothing for you to do.'
      : climbing
        ? `They were to be settled by ${by}. Show them, and settle those that are left.`
        : `To be settled by ${by}. One that the next lists put right closes by itself.`,
  ];
  return {
    card: 'reconciliation/batch',
    data: {
      tone: over ? 'good' : climbing ? 'attention' : 'accent',
      kicker: 'Reconciliation',
      who: `Mismatches of ${name}`,
      headline,
      lines: lines.map((text) => ({ text })),
      may: { show: !over },
      ref: pageRef(today, provider),
    },
    summary: `Mismatches of ${name}. ${headline}.`,
  };
}

/** `SA17 · 7K2-M4Z · M.C.`: its provider's own id first. */
export function mismatchLabel(
  { alias, caseId }: Mismatch,
  caseDoc: CaseDoc | undefined,
  terms: Agreement,
): string {
  const label = caseDoc ? caseLabel(caseId, caseDoc.person, terms) : caseId;
  return alias === undefined ? label : `${alias} · ${label}`;
}

/** A page of a provider's mismatches, for whoever may see them. */
export function mismatchList(
  rows: readonly { readonly mismatch: Mismatch; readonly caseDoc: CaseDoc | undefined }[],
  provider: string,
  count: number,
  terms: Agreement,
  now: Instant,
  after?: string,
): CardView {
  const title = `Mismatches of ${partnerName(terms, provider)}: ${count}`;
  return {
    card: 'reconciliation/list',
    data: {
      title,
      empty: rows.length === 0,
      rows: rows.map(({ mismatch, caseDoc }) => ({
        who: mismatchLabel(mismatch, caseDoc, terms),
        kind: KIND_WORDS[mismatch.what],
        says: mismatchText(mismatch, terms),
        standing: standing(mismatch, terms, now),
        colour: mismatch.settleBy < now ? 'attention' : 'default',
        label: mismatch.caseId,
        ref: refOf(mismatch, terms),
        about: { pathway: terms.pathway, caseId: mismatch.caseId, from: 'mismatch' },
        // Whether two cases are one person is decided on their pair, and settles it.
        settles: mismatch.what !== 'duplicate',
        decides: mismatch.what === 'duplicate',
        pairs: { pathway: terms.pathway, caseId: mismatch.caseId, after: '' },
      })),
      more: after === undefined ? [] : [{ ref: pageRef(terms, provider, after) }],
    },
    summary: `${title}.`,
  };
}

function standing({ since, settleBy }: Mismatch, terms: Agreement, now: Instant): string {
  const by = whenText(settleBy, now, terms.zone);
  return `Found ${whenText(since, now, terms.zone)}. ${settleBy < now ? `Was to be settled by ${by}` : `Settle by ${by}`}.`;
}

/** The form to settle one, in person; what was typed comes again with what is wrong. */
export function settleForm(
  mismatch: Mismatch,
  caseDoc: CaseDoc | undefined,
  terms: Agreement,
  again: {
    readonly reason?: string | undefined;
    readonly words?: string | undefined;
    readonly problems?: readonly Problem[];
  } = {},
): CardView {
  const { problems = [], reason = '', words = '' } = again;
  const who = mismatchLabel(mismatch, caseDoc, terms);
  return {
    card: 'reconciliation/settle',
    data: {
      title: `Settle: ${KIND_WORDS[mismatch.what].toLowerCase()}`,
      who,
      says: mismatchText(mismatch, terms),
      wrong: problems.length > 0,
      problems: problems.map(({ message }) => ({ text: message })),
      reasons: Object.entries(SETTLINGS).map(([value, title]) => ({ value, title })),
      reason,
      words,
      ref: refOf(mismatch, terms),
    },
    summary: `Settle a mismatch of case ${mismatch.caseId}.`,
  };
}

/** That somebody settled it, who and why: for whoever pressed Settle after that. */
export function settledAlready({ mismatch, today }: PresentMismatch, now: Instant): CardView {
  const { caseId, settled } = mismatch;
  if (!settled) throw new Error('it waits to be settled');
  const who = 'person' in settled.by ? settled.by.name : 'Somebody';
  return noticeCard({
    title: `Case ${caseId} is settled`,
    text: `${who} settled this mismatch, ${whenText(settled.at, now, today.zone)}. ${SETTLINGS[settled.reason]}. Nothing for you to do.`,
  });
}
