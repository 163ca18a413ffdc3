import { AGREEMENT_HEAD, type AgreementDoc } from '../agreement/agreement.ts';
import { agreementKey } from '../agreement/current.ts';
import { createReach } from '../store/reach.ts';
import { verifyPathway } from '../store/verify.ts';
import type { Break } from './invariants.ts';
import type { MemoryStore } from './memory-store.ts';
import { FIRST_TERMS, PATHWAY } from './pathway.ts';
import type { Teams } from './teams.ts';
import type { VirtualTime } from './time.ts';
import { staleCopy } from './watch-copies.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Lists whose parts by provider add up, and with how many providers each of its places stands. */
const PARTED: readonly (readonly [list: string, sides: number, of?: string])[] = [
  // With its sender and with its receiver.
  ['handovers.open', 2],
  ['actions', 1],
  ['actions.open', 1],
  ['unowned', 1],
  ['mismatches', 1],
  ['duplicates', 1, 'duplicates.of'],
];

export interface TidinessDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly teams: Teams;
  readonly caseIds: () => readonly string[];
  readonly broken: Break;
}

/** What must be so of the whole record, once what went wrong has had its time. */
export function watchTidiness({ time, memory, teams, caseIds, broken }: TidinessDeps) {
  return {
    copies(): void {
      for (const caseId of caseIds()) {
        const stale = staleCopy(memory, teams, { pathwayId: PATHWAY, caseId });
        if (stale) broken('copies', stale, caseId);
      }
    },

    async parts(): Promise<void> {
      for (const [list, sides, of = list] of PARTED) {
        const whole = await memory.count(PATHWAY, list);
        let parts = 0;
        for (const { id } of FIRST_TERMS.providers) parts += await memory.count(PATHWAY, `${of}@${id}`);
        if (parts !== sides * whole) broken('parts', `${list} has ${whole}, and by provider ${parts}`);
      }
    },

    /** Every chain and anchor, and how many there are. `anchored`: a day has ended. */
    async chains(anchored: boolean): Promise<readonly (readonly [what: string, times: number])[]> {
      const verified = await verifyPathway(memory, PATHWAY);
      const [first] = [...verified.broken, ...verified.apart.broken];
      if (first) broken('anchors', first.says, first.caseId);
      const ended = new Date(time.ms - HOUR).toISOString().slice(0, 10);
      const yesterday = new Date(Date.parse(`${ended}T00:00:00.000Z`) - DAY).toISOString().slice(0, 10);
      if (anchored && verified.events > 0 && (verified.newest?.day ?? '') < yesterday) {
        broken('anchors', `the newest anchor is of ${verified.newest?.day}, and ${yesterday} has ended`);
      }
      return [
        ['chains verified', verified.chains],
        ['events verified', verified.events],
        ['anchors verified', verified.anchors],
      ];
    },
  };
}

/** Providers and people that Baton can reach at the end. */
export async function reachableAtEnd(time: VirtualTime, memory: MemoryStore): Promise<ReadonlySet<string>> {
  const book = createReach(memory, { now: () => time.now(), sleep: async () => undefined });
  const head = memory.inside(agreementKey(PATHWAY)).get(AGREEMENT_HEAD)?.doc as AgreementDoc | undefined;
  const reachable = new Set<string>();
  if (!head) return reachable;
  for (const { id } of FIRST_TERMS.providers) {
    if (await book.find({ to: 'channel', provider: id }, head.terms)) reachable.add(id);
  }
  for (const { key } of FIRST_TERMS.people) {
    if (await book.find({ to: 'person', person: key }, head.terms)) reachable.add(key);
  }
  return reachable;
}
