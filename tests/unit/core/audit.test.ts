import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anchorHash,
  type BrokenLink,
  brokenLink,
  canonicalJson,
  eventHash,
  linkEvents,
} from '../../../src/core/audit.ts';
import type { EventDoc, EventDraft, Json } from '../../../src/core/change.ts';

const key = { pathwayId: 'p', caseId: 'C-1' };
const NOW = '2026-11-24T14:30:00.000Z';
const draft = (n: number): EventDraft => ({ type: 'test.happened', by: { system: 'test' }, data: { n } });
const chain = (length: number) =>
  linkEvents(
    key,
    { seq: 0, hash: '' },
    Array.from({ length }, (_, n) => draft(n)),
    NOW,
  );

/** The event with other content and a hash that matches it, as a careful forger would leave it. */
const forged = (event: EventDoc, other: Partial<EventDoc>): EventDoc => {
  const { hash: _, ...rest } = { ...event, ...other };
  return { ...rest, hash: eventHash(key, rest) };
};

describe('canonical JSON', () => {
  it.each<[Json, string]>([
    [null, 'null'],
    [{ b: 1, a: [true, 'x'], c: { z: 0, y: null } }, '{"a":[true,"x"],"b":1,"c":{"y":null,"z":0}}'],
    [{ '10': 1, '9': 2, é: 3, e: 4 }, '{"10":1,"9":2,"e":4,"é":3}'],
    ['a"\\\n\u2028', '"a\\"\\\\\\n\u2028"'],
    [[1e21, 0.1, -0], '[1e+21,0.1,0]'],
  ])('of %j is %s', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it('is the same for what a store gives back, in whatever order it keeps fields', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const turned = (one: unknown): unknown =>
          Array.isArray(one)
            ? one.map(turned)
            : one && typeof one === 'object'
              ? Object.fromEntries(
                  Object.entries(one)
                    .reverse()
                    .map(([name, each]) => [name, turned(each)]),
                )
              : one;
        const back = JSON.parse(JSON.stringify(value));
        expect(canonicalJson(turned(back) as Json)).toBe(canonicalJson(value as Json));
        expect(JSON.parse(canonicalJson(value as Json))).toEqual(back);
      }),
    );
  });

  it('treats what is undefined as a store does', () => {
    const value = { a: undefined, b: [undefined, 1] } as unknown as Json;
    expect(canonicalJson(value)).toBe(canonicalJson(JSON.parse(JSON.stringify(value))));
  });
});

describe('a chain of events', () => {
  it('holds as it was linked, at once or in parts, whatever its length', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 8 }), (parts) => {
        let head = { seq: 0, hash: '' };
        const events: EventDoc[] = [];
        for (const part of parts) {
          const linked = linkEvents(
            key,
            head,
            Array.from({ length: part }, (_, n) => draft(n)),
            NOW,
          );
          events.push(...linked.events);
          head = linked.head;
        }
        expect(head.seq).toBe(events.length);
        expect(brokenLink(key, events, head)).toBeUndefined();
      }),
    );
  });

  it('stands in order on the lists of its case and of its day', () => {
    const { events } = chain(2);
    expect(events.map((event) => event.lists)).toEqual([
      { history: 'C-1|00000001', recorded: '2026-11-24|C-1|00000001' },
      { history: 'C-1|00000002', recorded: '2026-11-24|C-1|00000002' },
    ]);
  });

  it('belongs to its case: the same events do not hold in another', () => {
    const { events, head } = chain(3);
    expect(brokenLink({ ...key, caseId: 'C-2' }, events, head)).toMatchObject({ seq: 1, problem: 'edited' });
    expect(brokenLink({ ...key, pathwayId: 'q' }, events, head)).toMatchObject({ seq: 1, problem: 'edited' });
  });

  const { events, head } = chain(5);
  const [first, second, third, fourth, fifth] = events as [EventDoc, EventDoc, EventDoc, EventDoc, EventDoc];
  const tampered: [string, EventDoc[], typeof head | undefined, [number, BrokenLink['problem']]][] = [
    ['an event is edited', [first, { ...second, data: { n: 9 } }, third, fourth, fifth], head, [2, 'edited']],
    [
      'an event is edited and hashed again',
      [first, forged(second, { data: { n: 9 } }), third, fourth, fifth],
      head,
      [3, 'inserted'],
    ],
    [
      'the last event is edited and hashed again',
      [first, second, third, fourth, forged(fifth, { data: {} })],
      head,
      [5, 'head'],
    ],
    ['an event is removed', [first, second, fourth, fifth], head, [3, 'removed']],
    ['the first event is removed', [second, third, fourth, fifth], head, [1, 'removed']],
    ['the last event is removed', [first, second, third, fourth], head, [5, 'removed']],
    ['all events are removed', [], head, [1, 'removed']],
    [
      'an event is added at the end',
      [...events, forged(fifth, { id: 'event:00000006', seq: 6, prev: fifth.hash })],
      head,
      [6, 'inserted'],
    ],
    [
      'two events change places',
      [first, { ...third, id: second.id }, { ...second, id: third.id }, fourth, fifth],
      head,
      [2, 'moved'],
    ],
    [
      'an event is put in the place of another, hashed again',
      [first, forged(third, { id: second.id }), third, fourth, fifth],
      head,
      [2, 'moved'],
    ],
    ['the head says less than stands', events, { seq: 4, hash: fourth.hash }, [5, 'inserted']],
    ['the head has another hash', events, { seq: 5, hash: fourth.hash }, [5, 'head']],
    ['the head is gone', events, undefined, [0, 'head']],
  ];
  it.each(tampered)('is broken when %s', (_, now, end, [seq, problem]) => {
    expect(brokenLink(key, now, end)).toMatchObject({ caseId: 'C-1', seq, problem });
  });

  it('is broken by any change to any field of any event', () => {
    let changed = 0;
    for (const [index, event] of events.entries()) {
      for (const field of Object.keys(event)) {
        const other = { ...event, [field]: field === 'seq' ? event.seq + 1 : 'forged' } as EventDoc;
        const broken = brokenLink(key, events.with(index, other), head);
        expect(broken, `${field} of event ${index + 1}`).toBeDefined();
        expect(broken?.seq).toBeGreaterThan(0);
        changed++;
      }
    }
    expect(changed).toBeGreaterThanOrEqual(50);
  });
});

describe('an anchor', () => {
  const heads = [
    { caseId: 'C-2', seq: 3, hash: 'b' },
    { caseId: 'C-1', seq: 7, hash: 'a' },
  ];
  const hash = anchorHash('p', '2026-11-24', 'before', heads);

  it('is the same in whatever order the chains come', () => {
    expect(anchorHash('p', '2026-11-24', 'before', heads.toReversed())).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another for another pathway, day, anchor before, or end of a chain', () => {
    const others = [
      anchorHash('q', '2026-11-24', 'before', heads),
      anchorHash('p', '2026-11-25', 'before', heads),
      anchorHash('p', '2026-11-24', '', heads),
      anchorHash('p', '2026-11-24', 'before', heads.slice(1)),
      ...(['caseId', 'seq', 'hash'] as const).map((field) =>
        anchorHash(
          'p',
          '2026-11-24',
          'before',
          heads.map((head) => ({ ...head, [field]: field === 'seq' ? 9 : 'x' })),
        ),
      ),
    ];
    expect(new Set([hash, ...others]).size).toBe(others.length + 1);
  });
});
