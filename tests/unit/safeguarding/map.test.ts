import { describe, expect, it } from 'vitest';
import type { MapContact, SafeguardingTerms } from '../../../src/agreement/safeguarding.ts';
import { mapCard } from '../../../src/safeguarding/cards-map.ts';
import { mapRoutes } from '../../../src/safeguarding/routes-map.ts';
import { createRenderer } from '../../../src/teams/render.ts';
import { actor, inForce, terms } from '../../support/pathway.ts';

const renderer = createRenderer(new URL('../../../cards/', import.meta.url));
const safeguarding = terms.safeguarding as SafeguardingTerms;
const asking = {
  pathwayId: 'testdale',
  actor: actor('vera'),
  place: { scope: 'channel', conversationId: 'c' },
} as const;

describe('the safeguarding map', () => {
  it('has a page that Teams takes for each of the longest contacts, and leaves none out', () => {
    const map = Array.from(
      { length: 40 },
      (_, at): MapContact => ({
        id: `contact-${at}`,
        name: `Contact number ${at}.`,
        kind: 'local-authority',
        for: 'children',
        phone: '0300 000 0801',
        hours: 'ä"'.repeat(250),
        threshold: '€'.repeat(500),
      }),
    );
    let words = '';
    let pages = 0;
    for (let page = 1, more = true; more; page += 1) {
      const card = JSON.stringify(renderer.render(mapCard(terms, { ...safeguarding, map }, page)));
      words += card;
      more = card.includes('Next page');
      pages = page;
    }
    expect(pages).toBeGreaterThan(1);
    for (const { name } of [...map, safeguarding.outside]) expect(words).toContain(name);
    console.log(`40 contacts of the longest texts on ${pages} pages`);
  });

  it('is one page where it fits one, without buttons', () => {
    const card = JSON.stringify(renderer.render(mapCard(terms, safeguarding)));
    expect(card).not.toContain('Page 1 of 1');
    expect(card).not.toContain('Action.Execute');
  });

  it('says so where none is agreed, and what to do instead', async () => {
    const { safeguarding: _, ...without } = terms;
    const [typed] = mapRoutes({ inForce: async () => ({ ...inForce, terms: without }) }).typed;
    await expect(typed?.run(asking, '')).rejects.toThrow('No safeguarding map is agreed');
  });
});
