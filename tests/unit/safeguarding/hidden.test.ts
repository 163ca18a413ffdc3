import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyAgreement } from '../../../src/agreement/apply.ts';
import { systemChance } from '../../../src/core/chance.ts';
import type { Asking } from '../../../src/core/routes.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { wire } from '../../../src/wire.ts';
import { actor, terms } from '../../support/pathway.ts';
import { NOW, told } from './fixture.ts';

const pathwayId = terms.pathway;
const HIDDEN = '7K2-M4Z';
/** What is no concern's number, or nothing like one. */
const OTHERS = [
  'AAA-AAA',
  '9Q8-ZZZ',
  'nothing',
  '',
  'concern:7K2-M4Z',
  '../7K2-M4Z',
  'x'.repeat(5_000),
  7,
  null,
];
const clock = { now: () => NOW, sleep: async () => undefined };

let calls: string[];
let wired: ReturnType<typeof wire>;
beforeEach(async () => {
  const memory = createMemoryStore();
  calls = [];
  const store: Store = {
    ...memory,
    get: (key, id) => {
      calls.push(`get ${key.caseId} ${id}`);
      return memory.get(key, id);
    },
    history: (key) => {
      calls.push(`history ${key.caseId}`);
      return memory.history(key);
    },
    page: (pathway, list, page) => {
      calls.push(`page ${list}`);
      return memory.page(pathway, list, page);
    },
    count: (pathway, list, upTo) => {
      calls.push(`count ${list}`);
      return memory.count(pathway, list, upTo);
    },
    commit: (key, writes) => {
      calls.push(`commit ${key.caseId}`);
      return memory.commit(key, writes);
    },
  };
  await applyAgreement({ store, run: createTurns(store, clock) }, terms, { system: 'test' }, { yes: true });
  wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
  await wired.concerns.raise({ pathwayId, concernId: HIDDEN }, actor('wim'), {
    told: { ...told, staff: 'yes' },
    named: [{ person: 'nina' }, { person: 'sana' }],
    position: { provider: 'charity', role: 'worker' },
  });
});

const askedBy = (person: string): Asking => ({
  pathwayId,
  actor: actor(person),
  place: { scope: 'personal', conversationId: 'a:1' },
});

/** What was answered and which calls the store got, with the concern that was asked for taken out. */
async function comesOf(
  asked: string,
  run: () => Promise<unknown>,
): Promise<readonly [string, readonly string[]]> {
  calls = [];
  const said = await run().then(
    (reply) => JSON.stringify(reply),
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );
  return [said, calls.map((call) => call.replace(/concern:\S+/, `concern:(${asked})`))];
}

describe('a concern that is hidden', () => {
  it('is answered by every button as a number that nothing has and as what is no number, after the same calls', async () => {
    const about = wired.verbs.filter(
      ({ verb }) => verb.startsWith('concern.') && !/[.](form|list|map|prompt)/.test(verb),
    );
    expect(about.length).toBeGreaterThan(8);
    for (const { verb, input, run } of about) {
      for (const person of ['nina', 'sana', 'cora']) {
        const press = (concern: unknown) =>
          comesOf('', async () =>
            run(askedBy(person), input.parse({ concern, revision: 'x', reason: 'protected' })),
          );
        const hidden = await press(HIDDEN);
        expect([verb, hidden[0]]).toEqual([verb, expect.stringContaining('unknown-concern')]);
        expect(hidden[1].join(' ')).toContain('concern:()');
        expect(hidden[1].filter((call) => call.startsWith('commit'))).toEqual([]);
        for (const other of OTHERS) expect([verb, other, await press(other)]).toEqual([verb, other, hidden]);
      }
    }
  });

  it('is answered by /concerns alike, whatever is typed', async () => {
    const route = wired.typed.find(({ command }) => command === '/concerns');
    if (!route) throw new Error('there is no /concerns');
    const type = (words: unknown) => comesOf('', () => route.run(askedBy('nina'), String(words)));
    const hidden = await type(HIDDEN);
    expect(hidden[0]).toContain('unknown-concern');
    for (const other of OTHERS.filter((one) => one !== ''))
      expect([other, await type(other)]).toEqual([other, hidden]);
    expect(await type(`Concern ${HIDDEN}`)).toEqual(hidden);
  });
});

it('every answer with a concern’s words is made in one place, which keeps them from those who read along', () => {
  const folder = new URL('../../../src/safeguarding/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(20);
  const own = files.filter((file) => /private: true/.test(readFileSync(new URL(file, folder), 'utf8')));
  expect(own).toEqual(['in-person.ts']);
});
