import type { Agreement } from '../agreement/agreement.ts';
import type { Entry, Section } from '../core/pages.ts';
import { whenText } from '../core/wording.ts';
import type { PresentConcern } from './commands.ts';
import type { Named } from './concern.ts';
import type { AboutWhom, Lapsed } from './entries.ts';
import { byText } from './words.ts';

const YES_NO = { yes: 'Yes', no: 'No', unknown: "Don't know" } as const;
const WHAT: Readonly<Record<Lapsed['what'], string>> = {
  opened: 'Opened',
  acknowledged: 'Acknowledged',
  decided: 'Decided',
  closed: 'Closed',
};

const BECAUSE: Readonly<Record<Lapsed['because'], string>> = {
  'handed-on': 'it was handed on',
  'may-not-know': 'they may not know of it',
  danger: 'somebody is in danger, and it was asked about again',
};

const nameOf = (key: string, { people }: Agreement): string =>
  people.find((one) => one.key === key)?.name ?? key;

/** Whom it is about, in words: `“Sam”: Sam Test or Sam Other` */
export function whomText(named: readonly Named[], today: Agreement): string | undefined {
  const all = named.map((one) => {
    if ('person' in one) return nameOf(one.person, today);
    if (one.matched === undefined) return one.typed;
    const who = one.matched.map((key) => nameOf(key, today)).join(' or ');
    return `“${one.typed}”: ${who === '' ? 'nobody of this pathway' : who}`;
  });
  return all.length > 0 ? all.join('; ') : undefined;
}

const beforeText = ({ before: { staff, named } }: AboutWhom, today: Agreement): string => {
  const whom = whomText(named, today);
  return `Before: ${YES_NO[staff]}${whom === undefined ? '' : `, ${whom}`}`;
};

/** What turned out to be otherwise, each with what was there before: for those who answer for it. */
export function keptSections({ concern, knows, today, now }: PresentConcern): readonly Section[] {
  if (knows === 'raiser') return [];
  const when = (at: string): string => whenText(at, now, today.zone);
  const { about = [], lapsed = [], handedOn = [] } = concern;
  const entries: Entry[] = [
    ...about.map((one) => ({
      label: `Who it is about, said by ${byText(one.by, today)}, ${when(one.at)}`,
      text: beforeText(one, today),
    })),
    ...lapsed.map(({ what, by, at, until, because }) => ({
      label: `${WHAT[what]} by ${byText(by, today)}, ${when(at)}`,
      text: `Until ${when(until)}: ${BECAUSE[because]}`,
    })),
  ];
  for (const { by, to, at, reason } of handedOn) {
    entries.push({
      label: `Handed on by ${byText(by, today)}, ${when(at)}`,
      text: `To ${byText(to, today)}. Why: ${reason}`,
    });
  }
  return [{ title: 'Changed since', tone: 'default', entries }];
}

/** Whom of the outside contact its raiser told, where nobody of the partners might answer. */
export function outsideSection({ concern, today, now }: PresentConcern): readonly Section[] {
  const { outsideTold: told = [] } = concern;
  const entries = told.map(({ whom, happenedAt, at }) => ({
    label: `The outside contact was told, ${whenText(happenedAt, now, today.zone)}`,
    text: `${whom}. Recorded ${whenText(at, now, today.zone)}`,
  }));
  return [{ title: 'Outside contact', tone: 'default', entries }];
}
