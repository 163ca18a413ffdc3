import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { PersonActor } from '../core/actors.ts';
import type { Problem } from '../core/errors.ts';
import type { CardView } from '../core/routes.ts';
import type { WaitingRow } from '../core/waiting.ts';
import { type CaseDoc, caseLabel } from '../register/case.ts';
import type { Verb } from './cards-verbs.ts';
import type { Present, Row } from './commands.ts';
import { isMarked, keepersOf } from './facts.ts';
import { isOpen, type Pair } from './pair.ts';
import { asksOf, canOf } from './same-person.ts';
import { BAND_WORDS, keepsText, sideBySide, standingText } from './words.ts';

/** Pairs on one page of the list. */
export const ROWS_A_PAGE = 6;

/** What a button about a pair carries. */
export const refOf = ({ a, b, revision }: Pair, terms: Agreement) => ({
  pathway: terms.pathway,
  a,
  b,
  revision,
});

/** `7K2-M4X · J.S. and 9T1-0KV · J.S.` */
const labelOf = ({ a, b, today }: Present): string =>
  `${caseLabel(a.caseId, a.person, today)} and ${caseLabel(b.caseId, b.person, today)}`;
/** The same without initials, for what is read out. */
const idsOf = ({ pair }: Present): string => `${pair.a} and ${pair.b}`;

/** Pairs that wait, or those of one case: register ids and initials only. */
export function pairList(
  rows: readonly Row[],
  terms: Agreement,
  actor: PersonActor,
  more?: { readonly caseId: string; readonly after: string },
): CardView {
  const shown = rows.slice(0, ROWS_A_PAGE);
  return {
    card: 'duplicates/list',
    data: {
      title: 'Cases that may be one person',
      empty: shown.length === 0,
      rows: shown.map((row) => ({
        who: labelOf(row),
        band: `${BAND_WORDS[row.pair.band]}. ${yours(row, actor)}${standingText(row, row.now)}`,
        reasons: `${row.pair.reasons.join('. ')}.`,
        label: idsOf(row),
        ref: refOf(row.pair, terms),
      })),
      may: { more: more !== undefined },
      more: { pathway: terms.pathway, caseId: more?.caseId ?? '', after: more?.after ?? '' },
    },
    summary:
      shown.length === 0
        ? 'No pairs of cases wait for you.'
        : `Cases that may be one person: ${shown.length} ${shown.length === 1 ? 'pair' : 'pairs'} shown.`,
  };
}

/** That it is this person who is asked to agree. */
const yours = (row: Row, actor: PersonActor): string =>
  canOf({ ...row, actor }).agree ? 'Waits for your answer. ' : '';

/** A pair on /mine, of which the reader is asked to agree: register ids and initials only. */
export const waitingRow = (row: Row): WaitingRow => ({
  who: labelOf(row),
  lines: [],
  standing: `Waits for your answer. ${standingText(row, row.now)}`,
  late: false,
  button: { title: 'Open', verb: 'duplicate.view' satisfies Verb, data: refOf(row.pair, row.today) },
});

/** The buttons of a pair's card: none for whoever only looks. */
export type May = ReturnType<typeof canOf>;
const NOTHING: May = { same: false, apart: false, agree: false, undo: false };

/** Both records side by side, for somebody who may decide: never a card that others see. */
export function pairCard(present: Present, may: May = NOTHING): CardView {
  const { pair, a, b, today, now } = present;
  const reason = reasonOf(pair);
  return {
    card: 'duplicates/pair',
    data: {
      title: isOpen(pair) ? 'Is this one person?' : 'Two cases that may be one person',
      band: BAND_WORDS[pair.band],
      reasons: pair.reasons.map((text) => ({ text })),
      idA: pair.a,
      idB: pair.b,
      rows: sideBySide(a, b, today, now),
      standing: standingText(present, now),
      told: reason !== '',
      reason,
      may,
      ref: refOf(pair, today),
    },
    summary: `Cases ${idsOf(present)}: both records, side by side.`,
  };
}

/** What people wrote of it: for those entitled only. */
function reasonOf({ stands, declined }: Pair): string {
  if (stands.state === 'apart') return stands.reason;
  return stands.state === 'open' ? (declined?.reason ?? '') : '';
}

/** A form about a pair: what was typed or chosen, and what is wrong with it. */
interface Typed {
  readonly typed?: string;
  readonly problems?: readonly Problem[];
}

const formOf = (present: Present, { problems = [] }: Typed) => ({
  label: labelOf(present),
  wrong: problems.length > 0,
  problems: problems.map(({ message }) => ({ text: message })),
  ref: refOf(present.pair, present.today),
});

/** What two cases of one person are: one referral, of which one case stays, or two pieces of work. */
export function sameForm(present: Present, form: Typed = {}): CardView {
  const { pair, a, b, today } = present;
  const others = keepersOf(a, b).length > 1 && !isMarked({ a, b });
  return {
    card: 'duplicates/same',
    data: {
      ...formOf(present, form),
      how: form.typed ?? '',
      told: others
        ? 'Of one referral that was entered twice, one case stays and the other counts with it. The other provider is asked to agree first. Nothing is deleted, and it can be undone.'
        : 'Of one referral that was entered twice, one case stays and the other counts with it. Nothing is deleted, and it can be undone.',
      choices: [
        ...[pair.a, pair.b].map((keep) => ({
          title: `One referral, entered twice. ${keepsText(keep, present)}`,
          value: `keep:${keep}`,
        })),
        { title: `Two pieces of work. Both stay open: ${bothHeld(a, b, today)}`, value: 'link' },
      ],
    },
    summary: `Cases ${idsOf(present)}: say what they are.`,
  };
}

const bothHeld = (a: CaseDoc, b: CaseDoc, today: Agreement): string =>
  `${[a, b]
    .map(({ caseId, holder }) =>
      holder ? `${partnerName(today, holder.provider)} holds ${caseId}` : `nobody holds ${caseId}`,
    )
    .join(', ')}.`;

/** Asks a provider to agree that two cases are one referral: register ids and initials only, for a channel. */
export function askCard(present: Present, provider: string): CardView {
  const { pair, a, b, today, now } = present;
  const { stands } = pair;
  const asks = asksOf(pair, { a, b }).includes(provider);
  const by = stands.state === 'asked' && 'person' in stands.by ? stands.by : undefined;
  const who = by ? `${by.name}, ${partnerName(today, by.provider ?? '')}` : '';
  const lines =
    stands.state === 'asked' && asks
      ? [
          `${who} says that these are one referral, entered twice. ${keepsText(stands.keep, present)}`,
          'The other case counts with it from then on. Nothing is deleted, and it can be undone.',
        ]
      : [standingText(present, now)];
  return {
    card: 'duplicates/ask',
    data: {
      title: asks ? 'Is this one referral? Please answer' : 'Two cases that may be one referral',
      label: labelOf(present),
      lines: lines.map((text) => ({ text })),
      asks,
      ref: refOf(pair, today),
    },
    summary: asks
      ? `Cases ${idsOf(present)}: ${partnerName(today, provider)} is asked whether they are one referral.`
      : `Cases ${idsOf(present)}: ${standingText(present, now)}`,
  };
}

/** Why two cases are not one referral. */
export function disagreeForm(present: Present, form: Typed = {}): CardView {
  const { stands } = present.pair;
  const keep = stands.state === 'asked' ? stands.keep : present.pair.a;
  return {
    card: 'duplicates/disagree',
    data: {
      ...formOf(present, form),
      told: `Asked was: one referral, entered twice. ${keepsText(keep, present)} Both stay as they are now, and wait for a decision again.`,
      reason: form.typed ?? '',
    },
    summary: `Cases ${idsOf(present)}: say why they are not one referral.`,
  };
}

/** Why these are two people. */
export function apartForm(present: Present, form: Typed = {}): CardView {
  return {
    card: 'duplicates/apart',
    data: { ...formOf(present, form), reason: form.typed ?? '' },
    summary: `Cases ${idsOf(present)}: say why they are not duplicates.`,
  };
}
