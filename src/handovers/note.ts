import { type Agreement, partnerName } from '../agreement/agreement.ts';
import { type Entry, NOT_GIVEN } from '../core/pages.ts';
import { dateTime } from '../core/wording.ts';
import { partsOf } from './cards-content.ts';
import { actedBy, fieldLabels, gapText, warningText } from './cards-parts.ts';
import type { Handover } from './handover.ts';

/**
 * The standard handover note as plain text, to copy into one's own record: situation, background, assessment,
 * recommendation and readback (SBAR), with who hands over to whom. Identifiable. Times in the pathway's zone.
 */
export function handoverNote(handover: Handover, terms: Agreement): string {
  const parts = partsOf(handover, terms);
  const at = (instant: string): string => dateTime(instant, terms.zone);
  const [situation, background, assessment, recommendation] = parts.sbar;
  const readback =
    handover.state === 'accepted'
      ? [
          `Accepted by ${actedBy(handover.acceptedBy, terms)}, ${at(handover.acceptedAt)}`,
          ...(handover.gap
            ? [
                `Accepted with a gap: ${gapText(handover.gap, terms)}. Missing: ${fieldLabels(handover.gap.missing)}`,
              ]
            : []),
        ]
      : ['Not accepted yet'];
  return [
    `HANDOVER NOTE ${handover.caseId}`,
    `From: ${partnerName(terms, handover.from.partner)}`,
    `To: ${partnerName(terms, handover.to)}`,
    `Offered: ${at(handover.offeredAt)}`,
    '',
    `Name: ${parts.name ?? NOT_GIVEN}`,
    `Date of birth: ${parts.born ?? NOT_GIVEN}`,
    `NHS number: ${parts.nhsNumber ?? NOT_GIVEN}`,
    ...handover.warnings.map((warning) => `Note: ${warningText(warning)}`),
    ...lines(parts.person),
    ...lines(parts.contacts),
    ...section('SITUATION', parts.ask, situation),
    ...section('BACKGROUND', parts.consent, background),
    ...section('ASSESSMENT', parts.safety, assessment),
    ...section('RECOMMENDATION', parts.plan, recommendation),
    '',
    'READBACK',
    ...readback,
    ...lines(parts.author),
  ].join('\n');
}

const lines = (entries: readonly Entry[]): string[] =>
  entries.map((entry) => `${entry.label}: ${entry.text ?? NOT_GIVEN}`);

const section = (title: string, entries: readonly Entry[], narrative: Entry | undefined): string[] => [
  '',
  title,
  narrative?.text ?? NOT_GIVEN,
  ...lines(entries),
];
