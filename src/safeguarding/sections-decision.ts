import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import type { Entry, Section } from '../core/pages.ts';
import { dateTime, dayText, localDateOf, startOfDay, whenText } from '../core/wording.ts';
import { unanswered } from './chase.ts';
import type { PresentConcern } from './commands.ts';
import type { Concern } from './concern.ts';
import { ANSWERS, BASES, CLOSINGS, type Decided, type Decision, MET, RISK, stands } from './decision.ts';
import { byText, contactName } from './words.ts';

const given = (...all: readonly (readonly [string, string | undefined])[]): Entry[] =>
  all.flatMap(([label, text]) => (text === undefined ? [] : [{ label, text }]));

/** `Tue 24 Nov, 14:30`, or the day alone where no time was given with it. */
function momentText(at: Instant, now: Instant, zone: string): string {
  const day = localDateOf(at, zone);
  return startOfDay(day, zone) === at ? dayText(day, now, zone) : dateTime(at, zone, now);
}

/** `Told on Tue 24 Nov, 14:30, reference CAD 123. Why: …` */
function toldText(
  { told, at, reference, why }: Decided['police'],
  contact: string | undefined,
  now: Instant,
  zone: string,
): string {
  const when = at === undefined ? '' : `, ${momentText(at, now, zone)}`;
  const to = contact === undefined ? '' : ` (${contact})`;
  const under = reference === undefined ? '' : `, reference ${reference}`;
  return `${told === 'yes' ? `Told${to}${when}${under}` : 'Not told'}. Why: ${why}`;
}

function entriesOf(decision: Decision, today: Agreement, now: Instant): Entry[] {
  const { police, authority, basis, wanted, met, risk, employer, rationale, by, at } = decision;
  const contact = contactName(authority.contact, today);
  return given(
    ['Decided by', `${byText(by, today)}, ${whenText(at, now, today.zone)}`],
    ['Police', toldText(police, undefined, now, today.zone)],
    ['Local authority', toldText(authority, contact, now, today.zone)],
    ['Shared on the basis of', basis && BASES[basis]],
    ['What the person wanted', wanted],
    ['Was it met?', MET[met]],
    ['The risk', RISK[risk]],
    ['The employer’s nominated person', employer],
    ['Why so', rationale],
  );
}

function titleOf(decision: Decision, concern: Concern): string {
  const number = (concern.decisions ?? []).length > 1 ? ` ${decision.n}` : '';
  return `Decision${number}${stands('decided', decision, concern) ? '' : ' (does not stand any more)'}`;
}

/** Every decision, what the authority answered, and each closing: for those who answer for it. */
export function decisionSections({ concern, knows, today, now }: PresentConcern): readonly Section[] {
  if (knows === 'raiser') return [];
  const { decisions = [], answers = [], closings = [] } = concern;
  const whose = (n: number): string =>
    contactName(decisions.find((one) => one.n === n)?.authority.contact, today) ?? 'The local authority';
  const when = (at: Instant): string => whenText(at, now, today.zone);
  const plain = (title: string, entries: readonly Entry[]): Section => ({ title, tone: 'default', entries });
  const after = [
    ...answers.map(({ n, answer, happenedAt, reference, by, at }) => ({
      label: `${whose(n)} answered, ${momentText(happenedAt, now, today.zone)}`,
      text: `${ANSWERS[answer]}${reference === undefined ? '' : `, reference ${reference}`}. Recorded by ${byText(by, today)}, ${when(at)}`,
    })),
    ...unanswered(concern).map(({ n, answerBy }) => ({
      label: `${whose(n)} has not answered`,
      text: `Due ${when(answerBy)}`,
    })),
    ...closings.map(({ state, by, at, reason }) => ({
      label: `${state === 'closed' ? 'Closed' : 'Opened again'} by ${byText(by, today)}, ${when(at)}`,
      text: state === 'closed' ? CLOSINGS[reason as keyof typeof CLOSINGS] : reason,
    })),
  ];
  return [
    ...decisions.map((one) => plain(titleOf(one, concern), entriesOf(one, today, now))),
    plain('After the decision', after),
  ];
}
