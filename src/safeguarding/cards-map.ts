import { type Agreement, partnerName, providerOf, roleOf } from '../agreement/agreement.ts';
import type { MapContact, SafeguardingTerms } from '../agreement/safeguarding.ts';
import { bytesOf } from '../core/pages.ts';
import type { CardView } from '../core/routes.ts';
import type { Verb } from './cards-verbs.ts';

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

interface Shown {
  readonly name: string;
  readonly kind: string;
  readonly phone: string;
  readonly hours: string;
  readonly threshold: string;
}

/** What the contacts of one page take of a card, which is of 28 KB, and what the layout of one takes of that. */
const PAGE_BYTES = 17_000;
const CONTACT_BYTES = 900;

/** Contacts over pages that each fit a card, in order and nothing left out. */
function pagesOf(contacts: readonly Shown[]): readonly (readonly Shown[])[] {
  const pages: Shown[][] = [[]];
  let left = PAGE_BYTES;
  for (const contact of contacts) {
    const cost = Object.values(contact).reduce((sum, text) => sum + bytesOf(text), CONTACT_BYTES);
    if (cost > left) {
      pages.push([]);
      left = PAGE_BYTES;
    }
    pages.at(-1)?.push(contact);
    left -= cost;
  }
  return pages;
}

/**
 * Whom to ring for what: who is asked first, the outside contact, and each contact with hours and threshold; on further
 * pages the contacts that do not fit the first.
 */
export function mapCard(terms: Agreement, { ask, outside, map }: SafeguardingTerms, page = 1): CardView {
  const way = ask.map(({ provider, role }) => {
    const phone = providerOf(terms, provider)?.phone;
    return `${roleOf(terms, role)?.name ?? role}, ${partnerName(terms, provider)}${phone === undefined ? '' : `: ${phone}`}`;
  });
  const pages = pagesOf([
    {
      name: outside.name,
      kind: 'Works for none of the partners',
      phone: outside.phone,
      hours: outside.hours,
      threshold: 'Where those above may not know of it, or nobody answers.',
    },
    ...map.map(({ name, kind, for: whom, phone, hours, threshold }) => ({
      name,
      kind: `${KINDS[kind]}, ${FOR[whom]}`,
      phone,
      hours,
      threshold,
    })),
  ]);
  const shown = Math.min(Math.max(1, Math.trunc(page) || 1), pages.length);
  return {
    card: 'safeguarding/map',
    data: {
      pathway: terms.name,
      first: shown === 1,
      way: way.map((text, at) => ({ text: `${at + 1}. ${text}` })),
      contacts: pages[shown - 1] ?? [],
      paged: pages.length > 1,
      pageText: `Page ${shown} of ${pages.length}`,
      // Two buttons at most, and no set of none.
      turns: [
        ...(shown > 1 ? [{ title: 'Previous page', page: shown - 1 }] : []),
        ...(shown < pages.length ? [{ title: 'Next page', page: shown + 1 }] : []),
      ].map(({ title, page: to }) => ({
        title,
        verb: 'concern.map' satisfies Verb,
        data: { pathway: terms.pathway, page: to },
      })),
    },
    summary: `Safeguarding on ${terms.name}: whom to ring for what.`,
  };
}
