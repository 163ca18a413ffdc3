import { DATASET, type DatasetField } from '../agreement/dataset.ts';
import { checkNhsNumber } from '../core/nhs-number.ts';
import { hasText } from '../core/text.ts';
import type { Content, Warning } from './handover.ts';

/** Fields that count as given only when the rule here holds; every other field when it shows some text. */
const GIVEN: Partial<Record<DatasetField, (content: Content) => boolean>> = {
  contacts: (content) => content.contacts.some((contact) => hasText(contact.phone)),
  'consent.status': ({ consent }) =>
    consent.status === 'given' || (consent.status !== undefined && hasText(consent.reason)),
  'risk.detail': ({ risk }) => risk.status === 'none-identified' || hasText(risk.detail),
};

/** Does the content carry this field of the minimum dataset? */
export function isGiven(content: Content, field: DatasetField): boolean {
  const own = GIVEN[field];
  if (own) return own(content);
  const value = field
    .split('.')
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], content);
  return typeof value === 'string' && hasText(value);
}

/** What the content lacks of the agreed minimum dataset, in the order of the catalogue. */
export function missingFields(content: Content, dataset: readonly DatasetField[]): DatasetField[] {
  return (Object.keys(DATASET) as DatasetField[]).filter(
    (field) => dataset.includes(field) && !isGiven(content, field),
  );
}

/** What a reader must know about the identifiers. Never a reason to refuse: most real messages have one. */
export function warningsOf(content: Content): Warning[] {
  const found = checkNhsNumber(content.person.nhsNumber ?? '');
  if (found === 'missing') return ['nhs-number-missing'];
  return found === 'invalid' ? ['nhs-number-invalid'] : [];
}
