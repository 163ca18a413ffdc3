import type { Entry, Section } from '../core/pages.ts';
import { whenText } from '../core/wording.ts';
import type { PresentConcern } from './commands.ts';
import type { Concern, Mark } from './concern.ts';
import { stands } from './decision.ts';
import { byText } from './words.ts';

interface Fact extends Mark {
  readonly label: string;
}

/**
 * Each decision, closing and opening again. What stands no more is told among what changed. The raiser learns the
 * first decision's time alone: that there are others says what it was about.
 */
function decidedAndClosed(concern: Concern, raiser: boolean): Fact[] {
  const { decided, closed } = concern;
  const decisions = (concern.decisions ?? []).filter((one) => stands('decided', one, concern));
  const closings = (concern.closings ?? []).filter((one) => stands('closed', one, concern));
  const own = decided && !decisions.some(({ at }) => at === decided.at) ? [decided] : [];
  const shown = raiser ? (decided ? [decided] : []) : [...own, ...decisions];
  const turned = closings.map(({ state, ...mark }) => ({
    ...mark,
    label: state === 'closed' ? 'Closed' : 'Opened again',
  }));
  const alone =
    closed && !closings.some(({ at }) => at === closed.at) ? [{ ...closed, label: 'Closed' }] : [];
  return [...shown.map((one) => ({ ...one, label: 'Decided' })), ...turned, ...alone];
}

/** Sent, taken by Teams, opened, acknowledged, decided, closed: facts of their own, each with its time and person. */
export function timeline({ concern, knows, today, now }: PresentConcern): readonly Section[] {
  const raiser = knows === 'raiser';
  const when = (at: string): string => whenText(at, now, today.zone);
  const nameOf = (key: string): string => today.people.find((one) => one.key === key)?.name ?? key;
  const mark = ({ label, by, at }: Fact): Entry => ({
    label,
    text: raiser ? when(at) : `${byText(by, today)}, ${when(at)}`,
  });
  const asked = concern.asked.map(({ n, people, at, due }) => ({
    label: `Asked (${n})`,
    text: `${people.map(nameOf).join(', ')}, ${when(at)}; the next are asked at ${when(due)}`,
  }));
  const delivered = concern.delivered.map(({ person, at, late }) => ({
    label: 'Taken by Teams',
    text: `for ${nameOf(person)}, ${when(at)}${late ? ', late' : ''}`,
  }));
  const { opened, acknowledged } = concern;
  const facts: Fact[] = [
    ...(opened ? [{ ...opened, label: 'Opened' }] : []),
    ...(acknowledged ? [{ ...acknowledged, label: 'Acknowledged' }] : []),
    ...decidedAndClosed(concern, raiser),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return [
    {
      title: 'Timeline',
      tone: 'default',
      entries: [
        { label: 'Sent', text: `${byText(concern.raisedBy, today)}, ${when(concern.raisedAt)}` },
        ...(raiser ? [] : [...asked, ...delivered]),
        ...facts.map(mark),
      ],
    },
  ];
}
