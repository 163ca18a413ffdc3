import type { Agreement } from '../agreement/agreement.ts';
import type { KeptCopy } from '../jobs/presenter.ts';
import { CONCERN_HEAD, type Concern } from '../safeguarding/concern.ts';
import type { Stored } from '../store/store.ts';
import { isConcern } from './card-ref.ts';
import type { MemoryStore } from './memory-store.ts';
import { ANSWERING, PATHWAY } from './pathway.ts';
import { type ConcernHappening, numberOfFacts } from './staff-concerns.ts';

/** Who manages whom, said once more for whoever watches. */
const MANAGES: readonly (readonly [manager: string, of: readonly string[]])[] = [
  ['cleo', ['dev', 'eve']],
  ['yan', ['una']],
];
/** Of those who answer: who may know while it is not known whom a concern is about. */
const NARROW = ['una', 'vic'];

/** Somebody whom a concern may be about, and who manages them or is managed by them. Said in other words than the rules. */
function outOf(who: string): readonly string[] {
  const around = MANAGES.flatMap(([manager, of]) =>
    manager === who ? of : of.includes(who) ? [manager] : [],
  );
  return [who, ...around];
}

/** What its raiser meant, until somebody who answers for it says whom it is about. */
function meant(
  { told, about, named }: Concern,
  written: ReadonlyMap<number, ConcernHappening>,
): { readonly narrow: boolean; readonly out: readonly string[] } {
  if (about !== undefined) {
    const people = named.flatMap((one) => ('person' in one ? [one.person] : (one.matched ?? [])));
    return { narrow: false, out: people.flatMap(outOf) };
  }
  const { about: whom = 'nobody', who = '' } = written.get(numberOfFacts(told.facts)) ?? {};
  return {
    narrow: whom === 'typed' || whom === 'unknown',
    out: whom === 'picked' || whom === 'typed' ? outOf(who) : [],
  };
}

/** Those who may know of a concern: whoever raised it, and of those who answer, by one of these terms, all but whom it may be about. */
export function knowers(
  concern: Concern,
  written: ReadonlyMap<number, ConcernHappening>,
  terms: readonly Agreement[],
): ReadonlySet<string> {
  const { narrow, out } = meant(concern, written);
  const here = (key: string): boolean =>
    terms.some(({ people }) => people.some((person) => person.key === key));
  const those = (narrow ? NARROW : ANSWERING).filter((key) => here(key) && !out.includes(key));
  return new Set([concern.raisedBy.person, ...those]);
}

/** A concern as it stands. */
export const concernIn = (memory: MemoryStore, caseId: string): Concern | undefined =>
  memory.inside({ pathwayId: PATHWAY, caseId }).get(CONCERN_HEAD)?.doc as Concern | undefined;

/** So long nobody may leave a concern unseen before whoever raised it is told to ring, in milliseconds. */
export const RING_MS = 3_600_000;

/** When the next thing happens by itself for a concern; undefined once somebody has acknowledged it. */
export function dueOf(concern: Concern): string | undefined {
  const { acknowledged, closed, asked, opened, toldToRing, missed, outside, retryAt } = concern;
  if (acknowledged || closed) return undefined;
  const ring = new Date(Date.parse(concern.raisedAt) + RING_MS).toISOString();
  const inTime = concern.lapsed?.some(
    (one) => one.what === 'acknowledged' && one.because === 'handed-on' && one.at <= concern.acknowledgeBy,
  );
  const times = [
    ...asked.filter(({ state }) => state === 'waiting').map(({ due }) => due),
    ...(outside ? [outside.remindAt] : []),
    ...(opened || toldToRing || outside ? [] : [ring]),
    ...(missed || inTime ? [] : [concern.acknowledgeBy]),
    ...(retryAt === undefined ? [] : [retryAt]),
  ];
  return times.sort()[0];
}

/** The partition of the concern whose card stands as this activity; undefined where it is another card. */
export function concernAt(memory: MemoryStore, activityId: string): string | undefined {
  const concerns = memory.keys().filter(({ caseId }) => isConcern(caseId));
  const stands = ({ doc }: Stored): boolean =>
    doc.kind === 'copy' && (doc as KeptCopy).activityId === activityId;
  return concerns.find((key) => [...memory.inside(key).values()].some(stands))?.caseId;
}
