import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { dayText, localDateOf, whenText } from '../core/wording.ts';
import { type AgendaLine, ITEMS } from './agenda.ts';
import { refOf } from './cards.ts';
import type { Again, Ask } from './cards-decision.ts';
import { type Concern, concernLabel } from './concern.ts';
import { TRIAGE_OUTCOMES } from './entries.ts';
import { choicesOf, filledIn, must } from './fields.ts';
import { type Meeting, mayHaveBeenThere } from './meeting.ts';
import { categoriesText, standingText } from './words.ts';

/** A concern on the agenda, with what there is to say of it. */
export interface AgendaRow extends AgendaLine {
  readonly concern: Concern;
}

/** Concerns on one page of the agenda: each has two buttons. */
export const AGENDA_PAGE = 6;

/** `Goes on as planned, Mon 23 Nov, 10:12. Next review: Mon 30 Nov.` */
function lastText({ triages = [] }: Concern, today: Agreement, now: Instant): string {
  const last = triages.at(-1);
  if (!last) return 'No meeting has said anything of it yet.';
  const day = dayText(last.reviewOn, now, today.zone);
  return `Last meeting: ${TRIAGE_OUTCOMES[last.outcome]}, ${whenText(last.at, now, today.zone)}. Next review: ${day}.`;
}

function heldText(last: Meeting | undefined, today: Agreement, now: Instant): string {
  if (!last) return 'No meeting is recorded yet.';
  const names = last.people.map((key) => today.people.find((one) => one.key === key)?.name ?? key);
  return `Last meeting: ${whenText(last.heldAt, now, today.zone)}. There: ${names.join(', ')}.`;
}

const countText = (count: number): string => (count === 1 ? '1 open concern' : `${count} open concerns`);

/** The weekly meeting's agenda, for one reader: in person only. No name of anybody it is about, and no words. */
export function agendaCard(
  rows: readonly AgendaRow[],
  page: number,
  last: Meeting | undefined,
  today: Agreement,
  now: Instant,
): CardView {
  const pages = Math.max(1, Math.ceil(rows.length / AGENDA_PAGE));
  const shown = Math.min(Math.max(1, page), pages);
  return {
    card: 'safeguarding/agenda',
    data: {
      title: 'Weekly safeguarding meeting',
      count: `${countText(rows.length)} that you answer for${pages > 1 ? `. Page ${shown} of ${pages}` : ''}.`,
      held: heldText(last, today, now),
      rows: rows.slice((shown - 1) * AGENDA_PAGE, shown * AGENDA_PAGE).map(({ concern, items }) => ({
        label: concernLabel(concern.concernId),
        items: `${items.map((item) => ITEMS[item]).join('. ')}.`,
        danger: concern.urgent,
        what: categoriesText(concern),
        standing: standingText(concern, today, now),
        last: lastText(concern, today, now),
        ref: refOf(concern, today),
      })),
      may: { more: shown < pages, back: shown > 1 },
      next: { pathway: today.pathway, page: shown + 1 },
      previous: { pathway: today.pathway, page: shown - 1 },
      ref: { pathway: today.pathway },
    },
    summary: 'Weekly safeguarding meeting: the agenda.',
  };
}

/** The form of what the meeting says of one concern. */
export const triageAsk = (): Ask => ({
  title: 'Outcome of the meeting',
  send: 'Record',
  verb: 'concern.triage.send',
  lines: ['Kept as it is recorded. What the next meeting says is added to it.'],
  fields: [
    must('outcome', 'pick', 'What comes of it?', { choices: choicesOf(TRIAGE_OUTCOMES) }),
    must('words', 'long', 'What was said, and who does what?'),
    must('reviewOn', 'date', 'Next review on which day?'),
  ],
});

/** The form of a meeting that was held: when, and who was there. */
export function meetingCard(
  today: Agreement,
  now: Instant,
  { typed = { heldDay: localDateOf(now, today.zone) }, problems = [] }: Again = {},
): CardView {
  const title = 'The meeting was held';
  const people = mayHaveBeenThere(today).map(({ key, name }) => ({ value: key, title: name }));
  return {
    card: 'safeguarding/meeting',
    data: {
      label: 'Weekly safeguarding meeting',
      title,
      lines: [],
      wrong: problems.length > 0,
      problems: problems.map(({ message }) => ({ text: message })),
      fields: filledIn(
        [
          must('heldDay', 'date', 'On which day?'),
          must('heldTime', 'time', 'At what time did it begin?'),
          must('people', 'several', 'Who was there?', { choices: people }),
        ],
        typed,
      ),
      send: 'Record',
      ref: { pathway: today.pathway },
    },
    summary: `Weekly safeguarding meeting: ${title.toLowerCase()}.`,
  };
}
