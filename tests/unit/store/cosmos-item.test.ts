import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Key } from '../../../src/core/change.ts';
import { cosmosId, countQuery, itemOf, pageQuery } from '../../../src/store/cosmos-item.ts';

const key: Key = { pathwayId: 'north', caseId: 'C-1' };

describe('an id in Cosmos DB', () => {
  it.each([
    ['event:00000001', 'event:00000001'],
    ['notice:h1:show:channel:hospice', 'notice:h1:show:channel:hospice'],
    ['a|b', 'a|b'],
    ['a/b', 'a~2Fb'],
    ['a\\b?c#d', 'a~5Cb~3Fc~23d'],
    ['100%', '100~25'],
    ['a~2Fb', 'a~7E2Fb'],
    ['ends ', 'ends~20'],
    ['in between', 'in between'],
    ['tab\t', 'tab~09'],
  ])('of %j is %j', (id, expected) => {
    expect(cosmosId(id)).toBe(expected);
  });

  it('holds nothing that is forbidden, and differs where ids differ', () => {
    const hostile = fc.string({ unit: fc.constantFrom('/', '\\', '?', '#', '%', '~', ' ', '2', 'F', 'a') });
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        expect(cosmosId(a)).not.toMatch(/[/\\?#%]| $/);
        expect(cosmosId(a) === cosmosId(b)).toBe(a === b);
      }),
    );
  });
});

describe('an item in Cosmos DB', () => {
  it('keeps the document whole, apart from the fields that the store adds', () => {
    const doc = { id: 'a/b', kind: 'claim', schema: 1, caseId: 'mine', _ts: 'mine', lists: { due: 'p1' } };
    expect(itemOf(key, doc, 'stamp')).toEqual({
      id: 'a~2Fb',
      pathwayId: 'north',
      caseId: 'C-1',
      lists: { due: 'north|p1' },
      stamp: 'stamp',
      doc,
    });
    expect(itemOf(key, { id: 'x', kind: 'k', schema: 1 })).toEqual({
      id: 'x',
      pathwayId: 'north',
      caseId: 'C-1',
      doc: { id: 'x', kind: 'k', schema: 1 },
    });
  });
});

describe('a query', () => {
  it('asks for a page by place', () => {
    expect(pageQuery('north', 'due', { after: 'p1', upTo: 'p9', limit: 50 })).toEqual({
      query:
        'SELECT TOP 50 * FROM c WHERE c.pathwayId = @pathway AND c.lists["due"] > @after ' +
        'AND c.lists["due"] <= @end ORDER BY c.lists["due"]',
      parameters: [
        { name: '@pathway', value: 'north' },
        { name: '@after', value: 'north|p1' },
        { name: '@end', value: 'north|p9' },
      ],
    });
  });

  it.each(['north', 'north|east', 'nor', 'north}', ''])('of one pathway reads no index of %j', (other) => {
    const { parameters } = countQuery('north', 'due');
    const [, after = { value: '' }, end = { value: '' }] = parameters;
    const places = ['a', '|', '}', '~', '\u{1F9E1}', '2026-11-24T14:30:00.000Z|C-1|timer:h1'];
    for (const place of places) {
      const { lists } = itemOf(
        { ...key, pathwayId: other },
        { id: 'x', kind: 'k', schema: 1, lists: { due: place } },
      );
      const value = lists?.due ?? '';
      // The one pathway whose name goes on with the separator is told apart by `c.pathwayId = @pathway`.
      expect(value > after.value && value < end.value).toBe(other === 'north' || other === 'north|east');
    }
  });

  it('keeps the name of a list a name, whatever it holds', () => {
    const { query } = countQuery('north', 'x"] OR true OR c["y');
    expect(query).toContain(String.raw`c.lists["x\"] OR true OR c[\"y"] > @after`);
  });
});
