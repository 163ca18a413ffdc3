import type { CardView } from '../core/routes.ts';
import type { Agreement } from './agreement.ts';
import { type OnDuty, type PartyAt, partyEverywhere } from './deciding.ts';
import { besideOf, climbOf, firstRungOf, type Party, type RungTerms, type StepTerms } from './ladder.ts';
import {
  askedWords,
  capital,
  partyWords,
  remindWords,
  spanWords,
  timesWords,
  timeWords,
} from './ladder-words.ts';
import { meantBy } from './sides.ts';

/** The rungs in the order in which they are climbed, each with what runs beside it, and the last resort. */
export function ladderCard(terms: Agreement): CardView {
  const { ladder } = terms;
  const rungs = climbOf(ladder).flatMap((rung, at) => [
    rungRow(terms, rung, `${at + 1}. ${rung.name}`),
    ...besideOf(ladder, rung.id).map((one) =>
      rungRow(terms, one, `Beside ${at + 1}. ${one.name}`, `Runs beside ${rung.name}, not instead of it`),
    ),
  ]);
  return {
    card: 'agreement/ladder',
    data: {
      title: `When nobody answers: ${terms.name}`,
      intro:
        'A handover that nobody answers by the time on its card climbs these rungs by itself. Whoever holds the case is told at each.',
      rungs,
      lastResort: `Nobody on duty on the clinical rung: ring ${ladder.lastResort.name}, ${ladder.lastResort.phone}. The sender still holds the case.`,
    },
    summary: `The ladder of ${terms.name}: ${climbOf(ladder)
      .map(({ name }) => name)
      .join(', then ')}.`,
  };
}

function rungRow(terms: Agreement, rung: RungTerms, name: string, beside?: string): object {
  const again = rung.repeats > 0 ? [`Asked again ${timesWords(rung.repeats)}, each time for as long`] : [];
  const lines = [
    `Asks whoever is on duty: ${askedWords(terms, rung)}`,
    `Time to answer: ${timeWords(rung.answer)}${rung.remind.length > 0 ? `, with a reminder ${remindWords(rung)}` : ''}`,
    ...again,
    `“I’m on it” lasts ${spanWords(rung.hold)}, and never longer than the need`,
    ...wakeLines(terms, rung),
    ...(beside === undefined ? [] : [beside]),
    ...startLines(terms, rung),
  ];
  return { name, says: rung.says, lines: lines.map((line) => ({ line })) };
}

/** Teams is no pager: who is woken by a service, and whom one has to ring. */
function wakeLines(terms: Agreement, rung: RungTerms): string[] {
  if (!rung.wake) return [];
  const meant = meantBy(terms, rung.ask.of);
  const woken = meant.filter(({ paging }) => paging).map(({ name }) => name);
  const unpaged = meant.filter(({ paging }) => !paging).map(({ name, phone }) => `${name} (${phone})`);
  return [
    ...(woken.length > 0 ? [`Wakes people by the paging service of ${woken.join(', ')}`] : []),
    ...(unpaged.length > 0 ? [`Teams wakes nobody: ring ${unpaged.join(', ')}`] : []),
  ];
}

/** The rejections that leave the need open and start above the first rung. */
function startLines({ ladder, rejection }: Agreement, rung: RungTerms): string[] {
  if (climbOf(ladder)[0] === rung) return [];
  const reasons = rejection
    .filter(({ closes, firstRung }) => !closes && firstRungOf(ladder, firstRung) === rung)
    .map(({ text }) => text);
  return reasons.length > 0 ? [`A rejection starts here when it says: ${reasons.join('; ')}`] : [];
}

/** More steps than this on one card would not be read; the others are named. */
const STEPS_A_CARD = 8;
/** So many providers of one party are listed. */
const PROVIDERS_A_PARTY = 8;
const PARTS = [
  ['responsible', 'Responsible'],
  ['consulted', 'Consulted'],
  ['informed', 'Informed'],
] as const;

/** Who does what at every step: who is accountable at each provider and on duty now, the others in a line. */
export function raciCard(terms: Agreement, onDuty: OnDuty): CardView {
  const shown = terms.raci.slice(0, STEPS_A_CARD);
  const others = terms.raci.slice(STEPS_A_CARD).map(({ step }) => `/raci ${step}`);
  return {
    card: 'agreement/raci',
    data: {
      title: `Who does what: ${terms.name}`,
      steps: shown.map((step) => ({
        name: step.name,
        parties: [
          partyRow(terms, 'Accountable', step.accountable, onDuty),
          ...PARTS.flatMap(([part, label]) =>
            step[part].length === 0
              ? []
              : [
                  {
                    label,
                    who: step[part].map((party) => capital(partyWords(terms, party))).join('; '),
                    rows: [],
                  },
                ],
          ),
        ],
      })),
      more: others.length > 0,
      others: others.length > 0 ? `There is more: type ${others.join(', ')}.` : '',
    },
    summary: `Who does what on ${terms.name}: ${terms.raci.length} steps.`,
  };
}

/** One step, with every party at each provider that it can mean and who of it is on duty now. */
export function stepCard(terms: Agreement, step: StepTerms, onDuty: OnDuty): CardView {
  return {
    card: 'agreement/raci',
    data: {
      title: `Who does what: ${terms.name}`,
      steps: [
        {
          name: step.name,
          parties: [
            partyRow(terms, 'Accountable', step.accountable, onDuty),
            ...PARTS.flatMap(([part, label]) =>
              step[part].map((party) => partyRow(terms, label, party, onDuty)),
            ),
          ],
        },
      ],
      more: false,
      others: '',
    },
    summary: `${step.name}: ${capital(partyWords(terms, step.accountable))} is accountable.`,
  };
}

function partyRow(terms: Agreement, label: string, party: Party, onDuty: OnDuty): object {
  const everywhere = partyEverywhere(terms, party, onDuty);
  const rows = everywhere
    .slice(0, PROVIDERS_A_PARTY)
    .map((at) => ({ line: `${at.provider.name}: ${standing(at)}` }));
  const rest = everywhere.length - rows.length;
  return {
    label,
    who: capital(partyWords(terms, party)),
    rows: [...rows, ...(rest > 0 ? [{ line: `and ${rest} more providers` }] : [])],
  };
}

/** `Duty manager, on duty now: Adele Vance`. */
export function standing({ role, onDuty }: PartyAt): string {
  if (role === undefined) return 'nobody has this role';
  return `${role}, ${onDuty.length > 0 ? `on duty now: ${onDuty.join(', ')}` : 'nobody on duty now'}`;
}
