import type { Entry, Section } from '../core/pages.ts';
import { dateText, whenText } from '../core/wording.ts';
import type { PresentConcern } from './commands.ts';
import { personAbout } from './corrections.ts';
import { decisionSections } from './sections-decision.ts';
import { keepingSection, keptSections, outsideSection, whomText } from './sections-kept.ts';
import { moveSections } from './sections-move.ts';
import { timeline } from './sections-timeline.ts';
import { todoSections } from './sections-todos.ts';
import { triageSections } from './sections-triage.ts';
import { WITHOUT_CONSENT, type YesNo } from './told.ts';
import { byText } from './words.ts';

/** What stands on an opened concern, one function a part, in this order; a part without entries is left out. */
const PARTS: readonly ((present: PresentConcern) => readonly Section[])[] = [
  toldSections,
  addedSection,
  moveSections,
  decisionSections,
  todoSections,
  triageSections,
  keptSections,
  outsideSection,
  keepingSection,
  timeline,
];

export const sectionsOf = (present: PresentConcern): Section[] =>
  PARTS.flatMap((part) => part(present)).filter(({ entries }) => entries.length > 0);

const YES_NO: Readonly<Record<YesNo, string>> = { yes: 'Yes', no: 'No', unknown: "Don't know" };
const AGES = { adult: 'Adult', child: 'Child', unknown: "Don't know" } as const;
const CONSENTS = { given: 'Given', without: 'Goes on without it', unknown: "Don't know" } as const;

const plain = (title: string, entries: readonly Entry[]): Section => ({ title, tone: 'default', entries });
/** Entries that were given. */
const given = (...all: readonly (readonly [string, string | undefined])[]): Entry[] =>
  all.flatMap(([label, text]) => (text === undefined ? [] : [{ label, text }]));
const yesNo = (answer: YesNo | undefined): string | undefined => answer && YES_NO[answer];

/** What was told: fact and opinion under headings of their own; the safe way to contact above every number. */
function toldSections({ concern, knows, today, now }: PresentConcern): readonly Section[] {
  const { told, about } = concern;
  const person = knows === 'raiser' ? told.person : personAbout(concern);
  // Whoever raised it reads what they sent themselves.
  const { staff, named } = (knows === 'raiser' && about?.[0]?.before) || concern;
  return [
    {
      title: 'Danger',
      tone: told.danger === 'yes' ? 'attention' : 'default',
      entries: given(
        ['In danger now', YES_NO[told.danger]],
        ['What was done about it', told.dangerDone],
        ['Others at risk', yesNo(told.othersAtRisk)],
        ['Who', told.othersWho],
        ['Children in the household or at risk', yesNo(told.children)],
        ['Going on', yesNo(told.ongoing)],
        ['Injury or harm', told.harm],
      ),
    },
    plain(
      'The person',
      given(
        ['Safe way to contact', told.safeContact],
        ['Adult or child', AGES[told.age]],
        ['Born', person.dob && dateText(person.dob)],
        ['NHS number', person.nhsNumber],
        ['Where they are now', person.whereNow],
        ['Communication', told.communication],
      ),
    ),
    plain(
      'Facts',
      given(
        ['What was seen and said, and in whose words', told.facts],
        ['When', told.when],
        ['It happened', told.happenedAt && whenText(told.happenedAt, now, today.zone)],
        ['Where', told.where],
        ['Evidence', told.evidence],
        ['Police reference', told.policeReference],
      ),
    ),
    plain('Opinion', given(['What the raiser thinks', told.opinion])),
    plain(
      'Consent and the person’s own view',
      given(
        ['Discussed with them', yesNo(told.discussed)],
        ['Consent', CONSENTS[told.consent]],
        ['Why without', told.withoutConsent && WITHOUT_CONSENT[told.withoutConsent]],
        ['Can they decide this for themselves', yesNo(told.capacity)],
        ['What they say about it', told.views],
        ['What they want to happen', told.wanted],
      ),
    ),
    plain(
      'Who may be responsible',
      given(
        ['Named', told.alleged],
        ['What they are to the person', told.relation],
        ['About somebody who works or volunteers for a partner', YES_NO[staff]],
        ['Who', whomText(named, today)],
      ),
    ),
  ];
}

/** What was added since, to whoever answers for it; the raiser sees what they added themselves. */
function addedSection({ concern, knows, today, now }: PresentConcern): readonly Section[] {
  return [
    plain(
      'Added since',
      concern.added
        .filter(({ by }) => knows !== 'raiser' || by.person === concern.raisedBy.person)
        .flatMap(({ by, at, facts, opinion, danger }) => {
          const who = `${byText(by, today)}, ${whenText(at, now, today.zone)}`;
          return given(
            [`Fact. ${who}`, facts],
            [`Opinion. ${who}`, opinion],
            [`In danger now. ${who}`, yesNo(danger)],
          );
        }),
    ),
  ];
}
