import { type Agreement, providerOf } from '../agreement/agreement.ts';
import { noticeCard as plainNotice } from '../core/cards.ts';
import type { Instant } from '../core/clock.ts';
import { paged } from '../core/pages.ts';
import type { CardView } from '../core/routes.ts';
import { timeText, whenText } from '../core/wording.ts';
import { BUTTONS, type Button, MORE } from './buttons.ts';
import type { Verb } from './cards-verbs.ts';
import type { PresentConcern } from './commands.ts';
import { type Concern, concernLabel, isAskedAnew, outsideTold, waitsOutside } from './concern.ts';
import { personAbout } from './corrections.ts';
import { sectionsOf } from './sections.ts';
import { comesLate } from './times.ts';
import { mayKnow } from './who.ts';
import { categoriesText, raiserText, ringOf, standingText } from './words.ts';

/** What every button of a concern carries. */
export interface ConcernRef {
  readonly pathway: string;
  readonly concern: string;
  readonly revision: number;
}

export const refOf = ({ concernId, revision }: Concern, terms: Agreement): ConcernRef => ({
  pathway: terms.pathway,
  concern: concernId,
  revision,
});

interface Pressable {
  readonly verb: Verb;
  readonly title: string;
  readonly style?: 'positive';
}

/** Two buttons a row: on a phone a third would be cut off. */
function rowsOf(buttons: readonly Pressable[], ref: ConcernRef): object[] {
  const shown = buttons.map(({ verb, title, style }) => ({
    verb,
    title,
    style: style ?? 'default',
    data: ref,
  }));
  return shown.flatMap((_, at) => (at % 2 === 0 ? [{ buttons: shown.slice(at, at + 2) }] : []));
}

/** Whoever is asked: category, reference, where it stands, and the button that opens it. No name, no words, no case. */
export function noticeCard(concern: Concern, person: string, today: Agreement, now: Instant): CardView {
  const { concernId, acknowledged, closed, urgent } = concern;
  const open = !acknowledged && !closed;
  const what = categoriesText(concern);
  const kicker = urgent ? 'Safeguarding concern: in danger now' : 'Safeguarding concern';
  return {
    card: 'safeguarding/notice',
    data: {
      kicker,
      tone: open ? (urgent ? 'attention' : 'warning') : 'emphasis',
      label: concernLabel(concernId),
      what,
      headline: standingText(concern, today, now),
      lines: comesLate(concern, person, now)
        ? [{ text: 'This came late: Baton could not say it in time.' }]
        : [],
      rows: rowsOf(
        [{ verb: 'concern.view', title: 'Open', ...(open && { style: 'positive' }) }],
        refOf(concern, today),
      ),
    },
    summary: `${kicker}. ${concernLabel(concernId)}. ${what}.`,
  };
}

/** Nobody of the partners may know of it: whom its raiser rings, or that they did. */
function outsideLines(concern: Concern, today: Agreement, now: Instant): { readonly text: string }[] {
  const told = outsideTold(concern) ? concern.outsideTold?.at(-1) : undefined;
  if (told) return [{ text: `You told ${told.whom}, ${whenText(told.happenedAt, now, today.zone)}.` }];
  const { name, phone } = ringOf(concern, today);
  const hours = today.safeguarding?.outside.hours;
  return [
    { text: `Nobody of the partners may answer for this concern. Ring ${name}, ${phone}, and tell them.` },
    ...(hours === undefined ? [] : [{ text: `They answer: ${hours}.` }]),
    { text: 'Ring them; Baton cannot tell them. Then press I have told them.' },
  ];
}

/** Whoever raised it: the reference, whether anybody has seen it, and whom to ring. */
export function raiserCard(concern: Concern, today: Agreement, now: Instant): CardView {
  const { concernId, opened, closed, toldToRing } = concern;
  const again = isAskedAnew(concern);
  const ring = ringOf(concern, today);
  return {
    card: 'safeguarding/notice',
    data: {
      kicker: 'Safeguarding concern that you raised',
      tone: opened ? 'emphasis' : 'warning',
      label: concernLabel(concernId),
      what: '',
      headline: raiserText(concern, today, now),
      lines: [
        ...(waitsOutside(concern) ? outsideLines(concern, today, now) : []),
        ...((opened && !again) || closed || waitsOutside(concern)
          ? []
          : [
              {
                text:
                  toldToRing || again
                    ? `Do not wait any longer: ring ${ring.name}, ${ring.phone}.`
                    : `If it cannot wait, ring ${ring.name}: ${ring.phone}.`,
              },
            ]),
        ...(closed ? [] : [{ text: 'If somebody is in danger now, ring 999.' }]),
      ],
      rows: rowsOf(
        [
          ...(waitsOutside(concern) && !outsideTold(concern)
            ? [{ verb: 'concern.outside', title: 'I have told them', style: 'positive' } as const]
            : []),
          { verb: 'concern.view', title: 'Open' },
          ...(closed ? [] : [{ verb: 'concern.add', title: 'Add to this concern' } as const]),
        ],
        refOf(concern, today),
      ),
    },
    summary: `${concernLabel(concernId)}. ${raiserText(concern, today, now)}`,
  };
}

/** For somebody who was asked and is not to know of it any more. */
export const turnedCard = (): CardView =>
  plainNotice({ title: 'Nothing for you to do', text: 'This does not need you any more.' });

/** Its words, for those who may know of it: alone with Baton. Identifiable. */
export function openedCard(present: PresentConcern, page = 1): CardView {
  const { concern, knows, today, now } = present;
  const { danger } = concern.told;
  const person = knows === 'raiser' ? concern.told.person : personAbout(concern);
  const pages = paged(sectionsOf(present));
  const shown = Math.min(Math.max(1, Math.trunc(page) || 1), pages.length);
  const name = [person.given, person.surname].filter((one) => one !== undefined).join(' ');
  const service = providerOf(today, concern.raisedBy.provider ?? '');
  const buttons = BUTTONS.filter((button) => button.when(present));
  const isFirst = ({ first }: Button): boolean => first?.(concern) === true;
  const ref = refOf(concern, today);
  return {
    card: 'safeguarding/opened',
    data: {
      label: concernLabel(concern.concernId),
      tone: concern.urgent && !concern.closed ? 'attention' : 'emphasis',
      name: name === '' ? 'A person whose name is not known' : name,
      what: categoriesText(concern),
      headline: knows === 'raiser' ? raiserText(concern, today, now) : standingText(concern, today, now),
      danger: danger !== 'no' && !concern.closed,
      lines:
        service && knows === 'safeguarding'
          ? [{ text: `To talk to whoever raised it, ring ${service.name}: ${service.phone}.` }]
          : [],
      sections: pages[shown - 1] ?? [],
      paged: pages.length > 1,
      pageText: `Page ${shown} of ${pages.length}`,
      previous: shown - 1,
      next: shown + 1,
      may: { previous: shown > 1, next: shown < pages.length },
      // What is asked for first stands above what may be long to read on a phone.
      first: rowsOf(
        buttons.filter(isFirst).map((one) => ({ ...one, style: 'positive' })),
        ref,
      ),
      rows: rowsOf(
        buttons.filter((one) => !isFirst(one)),
        ref,
      ),
      ref,
    },
    summary: `${concernLabel(concern.concernId)}, opened.`,
  };
}

/** What is seldom needed about a concern, for those who answer for it. */
export function moreCard(concern: Concern, today: Agreement, now: Instant): CardView {
  const { concernId } = concern;
  return {
    card: 'safeguarding/notice',
    data: {
      kicker: 'Safeguarding concern',
      tone: 'emphasis',
      label: concernLabel(concernId),
      what: '',
      headline: standingText(concern, today, now),
      lines: [{ text: 'What you change is added: what was there before is kept.' }],
      rows: rowsOf([...MORE, { verb: 'concern.view', title: 'Back to the concern' }], refOf(concern, today)),
    },
    summary: `${concernLabel(concernId)}: more.`,
  };
}

/** Rows on one page of a list. */
export const ROWS_A_PAGE = 10;

/** The concerns that the reader raised or answers for, newest last; `after` begins the next page. */
export function concernList(
  shown: readonly Concern[],
  title: string,
  reader: string,
  today: Agreement,
  now: Instant,
  more?: { readonly list: 'open' | 'all'; readonly after: string },
): CardView {
  return {
    card: 'safeguarding/list',
    data: {
      title,
      empty: shown.length === 0,
      rows: shown.map((concern) => {
        const waits = !concern.acknowledged && !concern.closed;
        const raiser = mayKnow(concern, reader, today) === 'raiser';
        return {
          label: concernLabel(concern.concernId),
          what: categoriesText(concern),
          standing: raiser
            ? `You raised it at ${timeText(concern.raisedAt, today.zone)}. ${raiserText(concern, today, now)}`
            : standingText(concern, today, now),
          colour: waits ? 'attention' : 'default',
          ref: refOf(concern, today),
        };
      }),
      may: { more: more !== undefined },
      more: { pathway: today.pathway, list: more?.list ?? 'open', after: more?.after ?? '' },
    },
    summary: `${title}: ${shown.length} shown.`,
  };
}
