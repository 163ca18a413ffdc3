import type { Agreement } from '../agreement/agreement.ts';
import type { Entry, Section } from '../core/pages.ts';
import { dateText, whenText } from '../core/wording.ts';
import type { PresentConcern } from './commands.ts';
import type { Named } from './concern.ts';
import type { AboutWhom, Correction, Lapsed } from './entries.ts';
import { type Keeping, keepingOf } from './retention.ts';
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
  const { about = [], lapsed = [], handedOn = [], corrections = [] } = concern;
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
  for (const one of corrections) {
    entries.push({
      label: `${one.what === 'person' ? 'The person' : 'The case'} corrected by ${byText(one.by, today)}, ${when(one.at)}`,
      text: `Before: ${beforeOf(one)}. How they know: ${one.reason}`,
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

/** What a correction replaced, in words. */
function beforeOf(one: Correction): string {
  if (one.what === 'case') return one.before === undefined ? 'no case' : `case ${one.before}`;
  const { given, surname, dob, nhsNumber, whereNow } = one.before;
  const name = [given, surname].filter((part) => part !== undefined).join(' ');
  const all = [
    name === '' ? 'no name' : name,
    ...(dob === undefined ? [] : [`born ${dateText(dob)}`]),
    ...(nhsNumber === undefined ? [] : [`NHS number ${nhsNumber}`]),
    ...(whereNow === undefined ? [] : [whereNow]),
  ];
  return all.join(', ');
}

const CLASSES: Readonly<Record<Keeping['class'], string>> = {
  adult: 'Adult',
  child: 'Child',
  unknown: 'Adult or child not known: the longer time',
};

/** How long it is kept, and each legal hold: for those who answer for it. */
export function keepingSection({ concern, knows, today, now }: PresentConcern): readonly Section[] {
  if (knows === 'raiser') return [];
  const keeping = keepingOf(concern, today);
  const { holds = [] } = concern;
  const entries: Entry[] = [
    { label: 'Retention class', text: CLASSES[keeping.class] },
    {
      label: 'Review',
      text:
        keeping.reviewOn === undefined
          ? 'Not while it is open'
          : `From ${dateText(keeping.reviewOn)}${keeping.held ? ', and not before the legal hold is lifted' : ''}`,
    },
    ...holds.map(({ state, by, at, reason }) => ({
      label: `Legal hold ${state} by ${byText(by, today)}, ${whenText(at, now, today.zone)}`,
      text: reason,
    })),
  ];
  return [{ title: 'How long this is kept', tone: 'default', entries }];
}
