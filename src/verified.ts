import type { VerifiedPart, VerifyResult } from './store/verify.ts';

/** Whether the record holds, as lines to be printed and as JSON. */
export interface Verified {
  readonly good: boolean;
  readonly lines: readonly string[];
  readonly json: object;
}

/** `12 chains, 340 events, 3 anchors` */
const counted = ({ chains, events, anchors }: VerifiedPart): string =>
  `${chains} chains, ${events} events, ${anchors} anchors`;

const brokenLines = ({ broken }: VerifiedPart): string[] =>
  broken.map(({ caseId, seq, says }) =>
    seq > 0 ? `broken: case ${caseId}, event ${seq}: ${says}` : `broken: case ${caseId}: ${says}`,
  );

const newestLine = (what: string, { newest }: VerifiedPart): string[] =>
  newest ? [`newest anchor${what}: ${newest.day} ${newest.hash}`] : [];

/** What is said of what is kept apart to somebody who did not ask for it: the same whether there is any or none. */
const APART = {
  holds: 'What is kept apart for safeguarding is checked too: it holds, or there is none.',
  broken:
    'DOES NOT HOLD: what is kept apart for safeguarding. Run this again with --safeguarding to see where.',
} as const;

/**
 * A check of a record as lines and as JSON. How many concerns there are, and their anchor, is told only to somebody
 * who asks for `safeguarding`.
 */
export function verified(found: VerifyResult, safeguarding: boolean): Verified {
  const { apart, ...open } = found;
  if (open.chains === 0) {
    const says = `Nothing is held of ${found.pathwayId}. Check the pathway's id.`;
    return { good: false, lines: [says], json: { ...open, holds: false, says } };
  }
  const openHolds = open.broken.length === 0;
  const lines = [
    `${openHolds ? 'holds' : 'DOES NOT HOLD'}: ${counted(open)}`,
    ...brokenLines(open),
    ...newestLine('', open),
    ...(safeguarding
      ? [
          `${apart.holds ? 'holds' : 'DOES NOT HOLD'}, kept apart for safeguarding: ${counted(apart)}`,
          ...brokenLines(apart),
          ...newestLine(' of what is kept apart', apart),
        ]
      : [apart.holds ? APART.holds : APART.broken]),
    found.limits,
  ];
  return {
    good: found.holds,
    lines,
    json: { ...open, apart: safeguarding ? apart : { holds: apart.holds } },
  };
}
