import type { Agreement } from '../../src/agreement/agreement.ts';
import type { Content } from '../../src/handovers/handover.ts';
import { EXAMPLE } from '../../src/http/handover-body.ts';
import { type PathwayId, START, TERMS } from './world.ts';

/** Who plays which part in a journey on one pathway, and the words that its partners agreed. */
export interface Partners {
  readonly pathway: PathwayId;
  readonly terms: Agreement;
  /** A sender outside Teams, and the provider that keeps its cases. */
  readonly outside: string;
  readonly sender: string;
  readonly receiver: string;
  readonly another: string;
  /** People by key: who answers at the receiver (and with which account), who acts for the sender, who leads. */
  readonly accepter: readonly [key: string, account: number];
  readonly coordinator: string;
  readonly lead: string;
  readonly urgency: string;
  /** Reasons by what they do: leave the need open, close it, ask for the clinical lead. */
  readonly reasons: { readonly open: string; readonly closes: string; readonly clinical: string };
  readonly gap: string;
}

export const PARTNERS: readonly Partners[] = [
  {
    pathway: 'riverside',
    terms: TERMS.riverside,
    outside: 'riverside-general',
    sender: 'northside',
    receiver: 'st-annes',
    another: 'harbour',
    accepter: ['adele', 0],
    coordinator: 'alex',
    lead: 'megan',
    urgency: 'same-day',
    reasons: { open: 'no-capacity', closes: 'duplicate', clinical: 'unsafe-to-accept' },
    gap: 'known-to-us',
  },
  {
    pathway: 'moorland',
    terms: TERMS.moorland,
    outside: 'high-street-surgery',
    sender: 'moorland-council',
    receiver: 'fell-therapy',
    another: 'home-again',
    accepter: ['priya', 1],
    coordinator: 'noor',
    lead: 'ewan',
    urgency: 'next-day',
    reasons: { open: 'list-full', closes: 'already-referred', clinical: 'not-reablement' },
    gap: 'agreed-by-phone',
  },
];

export const [RIVERSIDE, MOORLAND] = PARTNERS as [Partners, Partners];

export const named = (partners: Partners, id: string): string => {
  const { providers, outside } = partners.terms;
  return [...providers, ...outside].find((one) => one.id === id)?.name ?? id;
};

/** The words of a coded reason. */
export const reasonText = ({ terms }: Partners, code: string): string =>
  terms.rejection.find((reason) => reason.code === code)?.text ?? code;

/** Does a first rejection for this reason climb at once, instead of giving the sender time to find somebody? */
export function climbsAtOnce({ terms }: Partners, code: string): boolean {
  const reason = terms.rejection.find((one) => one.code === code);
  return reason !== undefined && !reason.closes && reason.firstRung !== 'operational';
}

/** What a whole handover says, everything of both datasets; `given` is the person's first name. */
export function contentFor(partners: Partners, given = 'Margaret'): Content {
  const { content } = EXAMPLE;
  return {
    ...content,
    person: { ...content.person, given },
    ask: {
      ...content.ask,
      urgency: partners.urgency,
      neededBy: new Date(Date.parse(START) + 8 * 3_600_000).toISOString(),
    },
  } as Content;
}

/** A whole offer from the outside sender to the receiver. */
export const bodyFor = (partners: Partners, given?: string): object => ({
  from: partners.outside,
  to: partners.receiver,
  content: contentFor(partners, given),
});
