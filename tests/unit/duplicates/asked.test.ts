import { describe, expect, it } from 'vitest';
import type { Pair, Standing } from '../../../src/duplicates/pair.ts';
import { type Found, suggest } from '../../../src/duplicates/rules.ts';

const NOW = '2026-11-24T10:00:00.000Z';
const [A, B] = ['7K2-M4X', '7K2-XYZ'];
const by = (provider: string, person: string) => ({
  by: { person, name: person, provider, role: 'coordinator' },
  person,
  at: NOW,
});

const found: Found = {
  a: A,
  b: B,
  band: 'certain',
  reasons: ['Same NHS number'],
  said: { a: 'h1', b: 'h2' },
  providers: ['charity', 'hospice', 'prime'],
  owner: 'hospice',
  marked: false,
};
/** Cora of the prime said that it is one referral; the hospice and the charity are asked. */
const asked = (agreed: readonly string[] = []): Pair => ({
  id: 'pair',
  kind: 'pair',
  schema: 1,
  audit: { seq: 1, hash: 'h' },
  ...{ a: found.a, b: found.b, band: found.band, reasons: found.reasons, said: found.said },
  providers: found.providers,
  owner: found.owner,
  revision: 2,
  since: NOW,
  shownTo: [{ to: 'channel', provider: 'hospice' }],
  stands: {
    state: 'asked',
    keep: A,
    agreed: agreed.map((provider) => by(provider, `${provider}-lead`)),
    ...by('prime', 'cora'),
  } as Standing,
});
const looked = (providers: readonly string[], agreed: readonly string[] = [], marked = false) => {
  const change = suggest({ ...found, providers, marked }, asked(agreed), NOW);
  const pair = change?.documents?.[0] as Pair | undefined;
  return {
    state: pair?.stands.state,
    shownTo: pair?.shownTo?.map((route) => (route.to === 'channel' ? route.provider : route.person)),
    carried: (change?.timers ?? []).map(({ fires, due }) => [fires, due]),
  };
};

describe('a pair about which providers are asked', () => {
  it('stays as it is while the same answer for it', () => {
    expect(suggest(found, asked(), NOW)).toBeUndefined();
  });

  it('asks one that answers for a case now as well', () => {
    expect(looked(['harbour', 'prime'])).toEqual({
      state: 'asked',
      shownTo: ['hospice', 'harbour'],
      carried: [],
    });
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['whoever said so answers for both', ['prime'], []],
    ['all that answer for it agreed', ['hospice', 'prime'], ['hospice']],
  ])('is made one when %s: nobody is left to ask', (_, providers, agreed) => {
    const carried = [['duplicates.carry', NOW]];
    expect(looked(providers, agreed)).toEqual({ state: 'merging', shownTo: ['hospice'], carried });
  });

  it('asks nobody but the named role once a record is marked', () => {
    // It is not carried to the cases, but what others were told of it ends.
    const carried = [['duplicates.look', NOW]];
    expect(looked(['prime'], [], true)).toMatchObject({ state: 'open', carried });
  });
});
