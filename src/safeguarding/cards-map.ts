import { type Agreement, partnerName, providerOf, roleOf } from '../agreement/agreement.ts';
import type { MapContact, SafeguardingTerms } from '../agreement/safeguarding.ts';
import type { CardView } from '../core/routes.ts';

const KINDS: Readonly<Record<MapContact['kind'], string>> = {
  'local-authority': 'Local authority',
  police: 'Police',
  health: 'Health',
  other: 'Others',
};
const FOR: Readonly<Record<MapContact['for'], string>> = {
  adults: 'for adults',
  children: 'for children',
  everybody: 'for everybody',
};

/** Whom to ring for what: who is asked first, the outside contact, and each contact with hours and threshold. */
export function mapCard(terms: Agreement, { ask, outside, map }: SafeguardingTerms): CardView {
  const way = ask.map(({ provider, role }) => {
    const phone = providerOf(terms, provider)?.phone;
    return `${roleOf(terms, role)?.name ?? role}, ${partnerName(terms, provider)}${phone === undefined ? '' : `: ${phone}`}`;
  });
  const contacts = [
    ...map.map(({ name, kind, for: whom, phone, hours, threshold }) => ({
      name,
      kind: `${KINDS[kind]}, ${FOR[whom]}`,
      phone,
      hours,
      threshold,
    })),
    {
      name: outside.name,
      kind: 'Works for none of the partners',
      phone: outside.phone,
      hours: outside.hours,
      threshold: 'Where those above may not know of it, or nobody answers.',
    },
  ];
  return {
    card: 'safeguarding/map',
    data: { pathway: terms.name, way: way.map((text, at) => ({ text: `${at + 1}. ${text}` })), contacts },
    summary: `Safeguarding on ${terms.name}: whom to ring for what.`,
  };
}
