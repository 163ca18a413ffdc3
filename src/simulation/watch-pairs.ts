import type { EventDoc, Key, TimerDoc } from '../core/change.ts';
import { casesOf, type Pair, pairsOf } from '../duplicates/pair.ts';
import type { Handover } from '../handovers/handover.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Write } from '../store/store.ts';
import type { Break } from './invariants.ts';
import { isTooLate } from './lateness.ts';
import type { MemoryStore } from './memory-store.ts';
import { PATHWAY } from './pathway.ts';
import { listedAs } from './places.ts';
import type { VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';

export interface PairWatch {
  /** Looks at what a commit to a pair or a case touched. */
  committed(key: Key, writes: readonly Write[]): void;
  /** A case of each pair that people decided. */
  decided(): readonly string[];
  /** Looks at every pair and at every case that is one with another. */
  all(): void;
}

export interface PairWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly broken: Break;
  readonly met: (what: string) => void;
}

type State = Pair['stands']['state'];

/** A provider that came to a case just before could not be asked. */
const JUST_NOW_MS = 30_000;

/** What ends a decision, by how the pair stood. */
const ENDED_BY: Readonly<Partial<Record<State, readonly string[]>>> = {
  apart: ['pair.undone', 'pair.suggested-again'],
  asked: ['pair.undone', 'pair.not-agreed', 'pair.same-person', 'pair.agreed'],
  linking: ['pair.linked'],
  linked: ['pair.undone'],
  unlinking: ['pair.unlinked'],
  merging: ['pair.merged', 'pair.not-merged'],
  merged: ['pair.undone'],
  unmerging: ['pair.unmerged'],
};

/** Holds pairs of cases that may be one person, and what is decided of them, against what must be true of them. */
export function watchPairs({ time, memory, weather, broken, met }: PairWatchDeps): PairWatch {
  const known = new Map<string, Pair>();
  /** What the two records said of the person when it was decided that they are two. */
  const decided = new Map<string, string>();

  const caseOf = (caseId: string): CaseDoc | undefined =>
    memory.inside({ pathwayId: PATHWAY, caseId }).get('case')?.doc as CaseDoc | undefined;
  const personsOf = ({ a, b }: Pair): string =>
    [a, b]
      .map((caseId) => {
        const { given, surname, dob, nhsNumber, postcode } = caseOf(caseId)?.person ?? {};
        return [given, surname, dob, nhsNumber, postcode].join('|');
      })
      .join(' ');

  function checkPlaces(key: Key, pair: Pair): void {
    const { a, b, since, providers, owner, stands } = pair;
    const [first, second] = casesOf(key.caseId);
    if (a !== first || b !== second || a >= b || !caseOf(a) || !caseOf(b)) {
      broken('pair-once', `${a} and ${b} stand at ${key.caseId}`, key.caseId);
    }
    const place = `${since}|${a}:${b}`;
    const waits = stands.state === 'open' || stands.state === 'asked';
    const asked = stands.state === 'asked' ? [stands.by, ...stands.agreed.map(({ by }) => by)] : undefined;
    const said = asked?.map((by) => ('provider' in by ? by.provider : undefined)) ?? providers;
    const left = providers.filter((provider) => !said.includes(provider));
    const wrong = listedAs(pair, {
      chains: key.caseId,
      [pairsOf(a)]: place,
      [pairsOf(b)]: place,
      ...(waits && { duplicates: place, [`duplicates.of@${owner}`]: place }),
      ...Object.fromEntries(left.map((provider) => [`duplicates.asked@${provider}`, place])),
      ...(waits && Object.fromEntries(providers.map((provider) => [`duplicates@${provider}`, place]))),
    });
    if (wrong !== undefined) broken('pair-once', `it is ${stands.state}, and ${wrong}`, key.caseId);
  }

  function checkChange(key: Key, before: Pair | undefined, after: Pair, events: readonly EventDoc[]): void {
    checkPlaces(key, after);
    const from = before?.stands.state;
    const to = after.stands.state;
    if (from === to) return;
    met(`pair ${from ?? 'none'} to ${to}`);
    const ends = from && ENDED_BY[from];
    // Where a case moved to a provider that said so already, nobody is left to ask.
    const looked = to === 'merging' && events.some(({ type }) => type === 'pair.looked-at');
    if (ends && !looked && !events.some(({ type }) => ends.includes(type))) {
      broken('pair-stays', `it was ${from} and is ${to}, and nobody took it back`, key.caseId);
    }
    const again = events.some(({ type }) => type === 'pair.suggested-again');
    if (again && from === 'apart' && decided.get(key.caseId) === personsOf(after)) {
      broken('pair-stays', 'it is suggested again, and both records say the same', key.caseId);
    }
    if (to === 'apart') decided.set(key.caseId, personsOf(after));
    if (to === 'merging') checkAgreed(key, before, events);
  }

  function checkAgreed({ caseId }: Key, before: Pair | undefined, events: readonly EventDoc[]): void {
    const said = new Set<string | undefined>();
    const stands = before?.stands;
    const agreed = stands?.state === 'asked' ? [stands.by, ...stands.agreed.map(({ by }) => by)] : [];
    for (const by of [...agreed, ...events.map((event) => event.by)]) {
      if ('provider' in by) said.add(by.provider);
    }
    met(said.size > 1 ? 'made one by agreement' : 'made one by one provider');
    for (const id of casesOf(caseId)) {
      const { holder, unowned, heldSince = '' } = caseOf(id) ?? {};
      const keeper = holder?.provider ?? unowned?.provider;
      if (said.has(keeper) || Date.parse(heldSince) > time.ms - JUST_NOW_MS) continue;
      broken('merge-agreed', `${keeper} answers for ${id}, and was not asked`, caseId);
    }
  }

  /** Once no errand is under way, both cases say what the pair says. */
  function checkSides(key: Key, pair: Pair): void {
    const { a, b, stands } = pair;
    const timer = memory.inside(key).get(`timer:pair:${a}:${b}`)?.doc as TimerDoc | undefined;
    if (timer) {
      if (isTooLate(time, weather, Date.parse(timer.due))) {
        broken('sides-agree', `it is ${stands.state}, to be carried at ${timer.due}`, key.caseId);
      }
      return;
    }
    const [one, other] = [caseOf(a), caseOf(b)];
    const keep = stands.state === 'merged' ? stands.keep : undefined;
    const wrong = (caseId: string, says: string): void =>
      broken('sides-agree', `it is ${stands.state}, and case ${caseId} is ${says}`, key.caseId);
    for (const [id, mine, theirs] of [[a, one, b] as const, [b, other, a] as const]) {
      const linked = mine?.linkedWith?.includes(theirs) === true;
      if (linked !== (stands.state === 'linked')) wrong(id, `${linked ? '' : 'not '}linked with ${theirs}`);
      const into = mine?.mergedInto === theirs;
      if (into !== (keep === theirs)) wrong(id, `${into ? '' : 'not '}made one with ${theirs}`);
      const takes = mine?.mergedFrom?.includes(theirs) === true;
      if (takes !== (keep === id)) wrong(id, `${takes ? '' : 'not '}said to take in ${theirs}`);
    }
    if (stands.state === 'merged' || stands.state === 'linked') met(`sides of ${stands.state}`);
  }

  function checkMerged(key: Key, caseDoc: CaseDoc): void {
    const { caseId, mergedInto, holder, lists = {} } = caseDoc;
    if (mergedInto === undefined) return;
    if (!holder) broken('merged-counts-not', 'nobody held it', caseId);
    const kept = caseOf(mergedInto);
    if (!kept?.holder || kept.state !== 'open') {
      broken('merged-counts-not', `it counts with ${mergedInto}, which nobody holds`, caseId);
    }
    const counts = Object.keys(lists).find((list) => /^(?:cases|unowned)/.test(list));
    if (counts !== undefined || lists.merged === undefined) {
      broken(
        'merged-counts-not',
        `it counts with ${mergedInto}, and is on ${counts ?? 'no list of those'}`,
        caseId,
      );
    }
    for (const { doc } of memory.inside(key).values()) {
      if (doc.kind !== 'handover') continue;
      const { state, handoverId } = doc as Handover;
      if (state !== 'offered' && state !== 'information-requested') continue;
      broken(
        'merged-counts-not',
        `it counts with ${mergedInto}, and handover ${handoverId} is ${state}`,
        caseId,
      );
    }
  }

  return {
    committed(key, writes) {
      if (!key.caseId.startsWith('_')) {
        const caseDoc = caseOf(key.caseId);
        if (caseDoc) checkMerged(key, caseDoc);
        return;
      }
      if (!key.caseId.startsWith('_pair:')) return;
      const events = writes.flatMap((write) =>
        write.do === 'create' && write.doc.kind === 'event' ? [write.doc as EventDoc] : [],
      );
      const after = memory.inside(key).get('pair')?.doc as Pair | undefined;
      if (!after) return;
      checkChange(key, known.get(key.caseId), after, events);
      known.set(key.caseId, after);
      checkSides(key, after);
    },

    decided: () => [...known.values()].flatMap(({ a, stands }) => (stands.state === 'open' ? [] : [a])),

    all() {
      for (const key of memory.keys()) {
        const docs = memory.inside(key);
        const caseDoc = docs.get('case')?.doc as CaseDoc | undefined;
        const pair = docs.get('pair')?.doc as Pair | undefined;
        if (pair) {
          checkPlaces(key, pair);
          checkSides(key, pair);
        }
        if (!caseDoc) continue;
        checkMerged(key, caseDoc);
        const { caseId, mergedInto, mergedFrom = [], linkedWith = [] } = caseDoc;
        for (const other of [
          ...mergedFrom,
          ...linkedWith,
          ...(mergedInto === undefined ? [] : [mergedInto]),
        ]) {
          const [a, b] = [caseId, other].sort();
          if (known.has(`_pair:${a}:${b}`)) continue;
          broken('sides-agree', `it is one with ${other}, and nobody decided that`, caseId);
        }
      }
    },
  };
}
