import type { Actor } from '../core/actors.ts';
import type { Doc, Key } from '../core/change.ts';
import { plusMs } from '../core/clock.ts';
import { rule } from '../core/permissions.ts';
import type { RegisterIndex, Suggestion } from '../linkage/linkage.ts';
import {
  CASE_HEAD,
  type CaseDoc,
  caseListed,
  identityOf,
  isCandidate,
  keeperOf,
  lookFor,
  markedEvent,
  renamed,
} from '../register/case.ts';
import { LIST_HEAD, type ListDoc } from '../register/list.ts';
import { isChanged, mergedWith } from '../register/person.ts';
import type { Claims } from '../store/claim.ts';
import type { DuplicateDeps } from './commands.ts';
import { isMarked, keepersOf, ownerOf } from './facts.ts';
import { casesOf, isOpen, isPair, PAIR_HEAD, type Pair, pairKey, pairsOf, waits } from './pair.ts';
import { type People, personOf } from './people.ts';
import { suggest, withdraw } from './rules.ts';

/** The surest so many of one case are suggested; the others show when these are decided and it is looked at again. */
const MOST = 5;
/** So many cases of a list are looked at in one go: timers of the pathway wait meanwhile. */
const AT_ONCE = 100;
/** When the people of the register are not read yet, it is looked at again so much later. */
const WAIT_MS = 1_000;

/** How far the looking through what a list brought has come: beside the list, one for each provider. */
interface Looked extends Doc {
  readonly kind: 'looked';
  readonly after: string;
}
const LOOKED = 'looked';
const timer: Actor = { kind: 'system', job: 'timer' };

export interface LookDeps extends DuplicateDeps {
  readonly people: People;
  readonly claims: Pick<Claims, 'name'>;
  /** Told of a pair that people decided or that was taken back; harmless the second time. */
  readonly decided: (pathwayId: string, pair: Pair) => Promise<void>;
}

/** Finds who may be one person with whom: for a case that was told anew, and for what a list brought. */
export function createLook({ store, run, people, claims, kick, decided }: LookDeps) {
  const caseOf = async (pathwayId: string, caseId: string): Promise<CaseDoc | undefined> =>
    (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc;
  const matches = (caseDoc: CaseDoc, index: RegisterIndex): readonly Suggestion[] =>
    isCandidate(caseDoc) ? index.find(personOf(caseDoc)) : [];

  /** Suggests the surest pairs of a case, `most` of them, and takes back those of its pairs that are none any more. */
  async function suggestFor(
    pathwayId: string,
    caseDoc: CaseDoc,
    index: RegisterIndex,
    most = MOST,
  ): Promise<void> {
    const known = await pairsKnown(pathwayId, caseDoc.caseId);
    let waiting = 0;
    for (const found of matches(caseDoc, index)) {
      const otherId = found.idA === caseDoc.caseId ? found.idB : found.idA;
      if (waiting >= most && !known.has(otherId)) continue;
      const other = await caseOf(pathwayId, otherId);
      if (!other || !isCandidate(other)) continue;
      const before = known.get(otherId);
      known.delete(otherId);
      if (await suggestPair(pathwayId, found, caseDoc, other, before)) waiting += 1;
    }
    for (const [otherId, pair] of known) {
      if (isOpen(pair)) await lookAtGone(pathwayId, caseDoc, otherId, index);
    }
  }

  /** Every pair of a case, by the other case of it. */
  async function pairsKnown(pathwayId: string, caseId: string): Promise<Map<string, Pair>> {
    const known = new Map<string, Pair>();
    for (let after = ''; ; ) {
      const page = await store.page<Pair>(pathwayId, pairsOf(caseId), { after, limit: AT_ONCE });
      for (const { doc } of page) known.set(doc.a === caseId ? doc.b : doc.a, doc);
      const last = page.at(-1);
      if (!last || page.length < AT_ONCE) return known;
      after = last.place;
    }
  }

  /** A pair that one case does not lead to any more: what the other one says counts too. */
  async function lookAtGone(pathwayId: string, one: CaseDoc, otherId: string, index: RegisterIndex) {
    const other = await caseOf(pathwayId, otherId);
    const mutual = other && isCandidate(one) ? matches(other, index) : [];
    const found = mutual.find(({ idA, idB }) => idA === one.caseId || idB === one.caseId);
    if (other && found) return void (await suggestPair(pathwayId, found, one, other));
    await run<Pair, void>(pairKey(pathwayId, one.caseId, otherId), PAIR_HEAD, ({ head }, now) => {
      const change = withdraw(head, now);
      return { ...(change && { change }), answer: undefined };
    });
  }

  /** Says whether people are to decide it. */
  async function suggestPair(
    pathwayId: string,
    { idA, idB, band, reasons }: Suggestion,
    one: CaseDoc,
    other: CaseDoc,
    before?: Pair,
  ): Promise<boolean> {
    const [a, b] = one.caseId === idA ? [one, other] : [other, one];
    const said = { a: await saidBy(pathwayId, a), b: await saidBy(pathwayId, b) };
    const sides = { providers: keepersOf(a, b), owner: ownerOf(a, b), marked: isMarked({ a, b }) };
    const found = { a: idA, b: idB, band, reasons, said, ...sides };
    if (before && !suggest(found, before, before.since)) return waits(before);
    return run<Pair, boolean>(pairKey(pathwayId, idA, idB), PAIR_HEAD, ({ head }, now) => {
      const change = suggest(found, head, now);
      const after = (change?.documents?.find(({ id }) => id === PAIR_HEAD) ?? head) as Pair | undefined;
      return { ...(change && { change }), answer: after !== undefined && waits(after) };
    });
  }

  /** What a record says of the person: a keyed hash, so that the pair can tell a change and names nobody. */
  const saidBy = (pathwayId: string, caseDoc: CaseDoc): Promise<string> =>
    claims.name(pathwayId, 'identity', ...identityOf(caseDoc));

  /** Cases that count with one of somebody whose identity was changed since say no more who they were. */
  async function hideMerged({ pathwayId, caseId: keep }: Key, kept: CaseDoc): Promise<void> {
    for (const caseId of kept.mergedFrom ?? []) {
      await run<CaseDoc, void>({ pathwayId, caseId }, CASE_HEAD, ({ head }, now) => {
        if (head?.mergedInto !== keep || head.beforeMerge) return { answer: undefined };
        const hidden = caseListed(mergedWith(head, kept));
        const events = [markedEvent('changed-identity', { system: 'linkage' })];
        const timers = [lookFor('case', now), ...renamed(head, hidden, now)];
        return { change: { documents: [hidden], events, timers }, answer: undefined };
      });
    }
  }

  async function lookAtCase(key: Key): Promise<void> {
    const { pathwayId } = key;
    const found = (await store.get<CaseDoc>(key, CASE_HEAD))?.doc;
    if (!found) return;
    if (isChanged(found)) await hideMerged(key, found);
    const index = await people.find(pathwayId);
    if (index) await suggestFor(pathwayId, found, index);
    await run<CaseDoc, void>(key, CASE_HEAD, ({ head }, now) => {
      if (!head) return { answer: undefined };
      const told = head.identityAt !== found.identityAt || keeperOf(head) !== keeperOf(found);
      const due = told ? now : index ? null : plusMs(now, WAIT_MS);
      return { change: { documents: [head], timers: [lookFor('case', due)] }, answer: undefined };
    });
  }

  /** People decided a pair, or it was taken back: what comes next of both its cases. */
  async function lookAtPair(key: Key): Promise<void> {
    const { pathwayId, caseId } = key;
    const before = (await store.get<Pair>(key, PAIR_HEAD))?.doc;
    if (before) await decided(pathwayId, before);
    const index = await people.find(pathwayId);
    for (const one of index ? casesOf(caseId) : []) {
      const found = await caseOf(pathwayId, one);
      if (index && found) await suggestFor(pathwayId, found, index);
    }
    await run<Pair, void>(key, PAIR_HEAD, ({ head }, now) => {
      if (!head) return { answer: undefined };
      // What became of it meanwhile, by people or by this look, is looked at once more.
      const again = head.stands.state !== before?.stands.state;
      const due = again ? now : index ? null : plusMs(now, WAIT_MS);
      return { change: { documents: [head], timers: [lookFor('pair', due)] }, answer: undefined };
    });
  }

  async function lookAtList(key: Key): Promise<void> {
    const { pathwayId } = key;
    const list = (await store.get<ListDoc>(key, LIST_HEAD))?.doc;
    const looked = (await store.get<Looked>(key, LOOKED))?.doc;
    const began = list?.newest?.beganAt ?? '';
    // A list that came meanwhile goes on where this one stood: what it brought comes after.
    const after = looked?.after ?? began;
    const index = await people.find(pathwayId);
    const page = index ? await store.page<CaseDoc>(pathwayId, 'identity', { after, limit: AT_ONCE }) : [];
    if (index) for (const { doc } of page) await suggestFor(pathwayId, doc, index);
    const last = page.at(-1);
    const more = !index || page.length === AT_ONCE;
    await run<ListDoc, void>(key, LIST_HEAD, async ({ head, get }, now) => {
      if (!head) return { answer: undefined };
      // Another list that is in by now has to be looked at from its own beginning.
      const again = head.newest?.beganAt !== list?.newest?.beganAt;
      const due = index ? (more || again ? now : null) : plusMs(now, WAIT_MS);
      const place: Looked = { id: LOOKED, kind: 'looked', schema: 1, after: last?.place ?? after };
      const stands = await get<Looked>(LOOKED);
      const documents = [head, ...(more && index ? [place] : [])];
      const removed = !more && stands ? [LOOKED] : [];
      return { change: { documents, removed, timers: [lookFor('list', due)] }, answer: undefined };
    });
  }

  return {
    suggestFor,
    suggestPair,

    /** The timer of a case or of a list has fired: what it told of people is looked at, some of it at a time. */
    async look(key: Key): Promise<void> {
      if (!rule('duplicates.look', timer, {}, () => false).allowed) throw new Error('looking is a timer’s');
      if (isPair(key.caseId)) await lookAtPair(key);
      else await (key.caseId.startsWith('_') ? lookAtList(key) : lookAtCase(key));
      kick(key.pathwayId);
    },
  };
}

export type Look = ReturnType<typeof createLook>;
