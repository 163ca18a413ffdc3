// The process that an import is measured in: the command line's way, and what people then ask of the register.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Agreement, personOf } from '../../src/agreement/agreement.ts';
import { applyAgreement } from '../../src/agreement/apply.ts';
import { systemChance } from '../../src/core/chance.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Counts } from '../../src/reconciliation/reconciliation.ts';
import type { Imported } from '../../src/register/list.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { wire } from '../../src/wire.ts';
import { riverside } from '../unit/agreement/demo.ts';
import { answering } from './part.ts';

const [folder = ''] = process.argv.slice(2);
const PATHWAY = 'riverside';
const path = join(folder, 'baton.db');
const store = openEmbedded({ path });
const wired = wire({ store, clock: systemClock, chance: systemChance, channel: async () => undefined });
const terms = riverside();

/** What an import took, and how big the store is after it. */
export interface ImportFigures {
  readonly ms: number;
  readonly counts: Pick<Imported, 'lines' | 'fresh' | 'updated' | 'same' | 'unowned'>;
  readonly bytes: number;
}

/** What a reconciliation took, and what it counted. */
export interface Ran {
  readonly ms: number;
  readonly all: Counts;
  /** Pairs of cases that wait for a decision after it. */
  readonly pairs: number;
}

/** The agreement with so many providers, each of which has a list. */
function withLists(before: Agreement, count: number): Agreement {
  const [list] = before.lists;
  const model = before.providers.at(-1);
  if (!list || !model) throw new Error('the demo has lists and providers');
  const more = Array.from({ length: Math.max(0, count - before.providers.length) }, (_, at) => ({
    ...model,
    id: `partner-${at}`,
    name: `Partner ${at}`,
  }));
  const providers = [...before.providers, ...more];
  // Whoever works at the one they are modelled on works there as well.
  const people = before.people.map((person) => ({
    ...person,
    positions: [
      ...person.positions,
      ...person.positions
        .filter(({ provider }) => provider === model.id)
        .flatMap((position) => more.map(({ id }) => ({ ...position, provider: id }))),
    ],
  }));
  return {
    ...before,
    providers,
    people,
    lists: providers.slice(0, count).map(({ id }) => ({ ...list, provider: id })),
  };
}

function asker() {
  const account = terms.people.find(({ positions }) =>
    positions.some(({ provider, role }) => provider === 'northside' && role === 'coordinator'),
  )?.accounts[0];
  const found = account && personOf(terms, account.tenant, account.objectId);
  if (!found) throw new Error('nobody coordinates at Northside');
  return found;
}

// Nothing else keeps it waiting for what it is asked.
process.channel?.ref();
answering({
  /** `lists`: so many providers have a list, all in the columns of the first; it gives their ids. */
  agree: async ({ lists }: { lists?: number }): Promise<string[]> => {
    const agreed = lists === undefined ? terms : withLists(terms, lists);
    await applyAgreement({ store, run: wired.run }, agreed, { system: 'operator' }, { yes: true });
    return agreed.lists.map(({ provider }) => provider);
  },
  import: async ({
    file,
    provider = 'northside',
  }: {
    file: string;
    provider?: string;
  }): Promise<ImportFigures> => {
    const from = performance.now();
    const { lines, fresh, updated, same, unowned } = await wired.lists.importList(
      PATHWAY,
      { kind: 'system', job: 'operator' },
      { provider, bytes: () => createReadStream(file) },
      systemClock.now(),
    );
    return {
      ms: performance.now() - from,
      counts: { lines, fresh, updated, same, unowned },
      bytes: statSync(path).size,
    };
  },
  reconcile: async (): Promise<Ran> => {
    const from = performance.now();
    const { all } = await wired.reconciliation.run(PATHWAY, { kind: 'system', job: 'operator' });
    const ms = performance.now() - from;
    return { ms, all, pairs: await store.count(PATHWAY, 'duplicates') };
  },
  /** How long the answer to a typed command takes, so many times, in milliseconds. */
  typed: async ({ command, times }: { command: string; times: number }): Promise<number[]> => {
    const typed = wired.typed.find((one) => one.command === command);
    if (!typed) throw new Error(`there is no ${command}`);
    const asking = { actor: asker(), pathwayId: PATHWAY, place: { kind: 'personal' } };
    const took: number[] = [];
    for (let n = 0; n < times; n++) {
      const from = performance.now();
      await typed.run(asking as unknown as Parameters<typeof typed.run>[0], '');
      took.push(performance.now() - from);
    }
    return took;
  },
  peak: (): number => {
    const status = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    return status ? Number(status[1]) * 1024 : process.resourceUsage().maxRSS * 1024;
  },
});
