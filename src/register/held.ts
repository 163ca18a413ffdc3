import { type AgreementInForce, partnerName } from '../agreement/agreement.ts';
import type { ActorRef } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';

/** Why a list waits for somebody to confirm it. */
export type Doubt =
  /** It has a fifth fewer lines than the one before. */
  | { readonly kind: 'fewer'; readonly lines: number; readonly before: number }
  /** More than half of its ids are another provider's, and none of its own. */
  | { readonly kind: 'others'; readonly provider: string; readonly percent: number };

/** A list of which nothing went in, because it may be the wrong file or half of one. */
export interface HeldList {
  /** SHA-256 of the file: what is confirmed is this one and no other. */
  readonly hash: string;
  readonly doubts: readonly Doubt[];
  readonly by: ActorRef;
  readonly at: Instant;
}

/** Of the ids that were looked up, how many are of which other provider. */
export interface Strangers {
  readonly asked: number;
  readonly of: ReadonlyMap<string, number>;
}

/** What makes a list look wrong. `before`: the lines of the list that went in last. */
export function doubtsOf(lines: number, before: number | undefined, strangers: Strangers): readonly Doubt[] {
  const fewer = before !== undefined && lines * 5 <= before * 4;
  const [most] = [...strangers.of].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const others = most !== undefined && most[1] * 2 > strangers.asked;
  return [
    ...(fewer ? [{ kind: 'fewer' as const, lines, before }] : []),
    ...(others
      ? [
          {
            kind: 'others' as const,
            provider: most[0],
            percent: Math.round((100 * most[1]) / strangers.asked),
          },
        ]
      : []),
  ];
}

/** Why it is held and what to do, for whoever sent it. */
export function heldText(doubts: readonly Doubt[], provider: string, { terms }: AgreementInForce): string {
  const why = doubts.map((doubt) =>
    doubt.kind === 'fewer'
      ? `it has ${doubt.lines} good ${doubt.lines === 1 ? 'line' : 'lines'}, and the list before had ${doubt.before}`
      : `${doubt.percent} % of its ids are ids of ${partnerName(terms, doubt.provider)}`,
  );
  return (
    `This list of ${partnerName(terms, provider)} is held and nothing of it went in: ${why.join(', and ')}. ` +
    'Check that it is the right file and the whole of it. If it is, send the same file again and confirm it: --confirm, or confirm=true over HTTP.'
  );
}

/** The doubts as the record keeps them. */
export const doubtData = (doubts: readonly Doubt[]) => doubts.map((doubt) => ({ ...doubt }));
