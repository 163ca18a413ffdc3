import type { Actor } from '../core/actors.ts';
import type { Doc, Head, Key } from '../core/change.ts';
import { plusMs } from '../core/clock.ts';
import { rule } from '../core/permissions.ts';
import type { RegisterIndex, Suggestion } from '../linkage/linkage.ts';
import { CASE_HEAD, type CaseDoc, identityOf, keeperOf, lookFor } from '../register/case.ts';
import type { Claims } from '../store/claim.ts';
import type { DuplicateDeps } from './commands.ts';
import { keepersOf, ownerOf } from './facts.ts';
import { PAIR_HEAD, type Pair, pairKey } from './pair.ts';
import { type People, personOf } from './people.ts';
import { suggest } from './rules.ts';

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
/** The head of a partner's lists, as far as it matters here. */
interface ListHead extends Head {
  readonly newest?: { readonly beganAt?: string };
}
const LIST_HEAD = 'list';
const timer: Actor = { kind: 'system', job: 'timer' };

export interface LookDeps extends DuplicateDeps {
  readonly people: People;
  readonly claims: Pick<Claims, 'name'>;
}

/** Finds who may be one person with whom: for a case that was told anew, and for what a list brought. */
export function createLook({ store, run, people, claims, kick }: LookDeps) {
  const counts = ({ state, mergedInto }: CaseDoc): boolean => state === 'open' && mergedInto === undefined;

  async function suggestFor(pathwayId: string, caseDoc: CaseDoc, index: RegisterIndex): Promise<void> {
    if (!counts(caseDoc)) return;
    let made = 0;
    for (const found of index.find(personOf(caseDoc))) {
      const otherId = found.idA === caseDoc.caseId ? found.idB : found.idA;
      const other = (await store.get<CaseDoc>({ pathwayId, caseId: otherId }, CASE_HEAD))?.doc;
      if (!other || !counts(other)) continue;
      await suggestPair(pathwayId, found, caseDoc, other);
      made += 1;
      if (made >= MOST) return;
    }
  }

  async function suggestPair(
    pathwayId: string,
    { idA, idB, band, reasons }: Suggestion,
    one: CaseDoc,
    other: CaseDoc,
  ): Promise<void> {
    const [a, b] = one.caseId === idA ? [one, other] : [other, one];
    const said = { a: await saidBy(pathwayId, a), b: await saidBy(pathwayId, b) };
    const found = { a: idA, b: idB, band, reasons, said, providers: keepersOf(a, b), owner: ownerOf(a, b) };
    await run<Pair, void>(pairKey(pathwayId, idA, idB), PAIR_HEAD, ({ head }, now) => {
      const change = suggest(found, head, now);
      return { ...(change && { change }), answer: undefined };
    });
  }

  /** What a record says of the person: a keyed hash, so that the pair can tell a change and names nobody. */
  const saidBy = (pathwayId: string, caseDoc: CaseDoc): Promise<string> =>
    claims.name(pathwayId, 'identity', ...identityOf(caseDoc));

  async function lookAtCase(key: Key): Promise<void> {
    const { pathwayId } = key;
    const found = (await store.get<CaseDoc>(key, CASE_HEAD))?.doc;
    if (!found) return;
    const index = await people.find(pathwayId);
    if (index) await suggestFor(pathwayId, found, index);
    await run<CaseDoc, void>(key, CASE_HEAD, ({ head }, now) => {
      if (!head) return { answer: undefined };
      const told = head.identityAt !== found.identityAt || keeperOf(head) !== keeperOf(found);
      const due = told ? now : index ? null : plusMs(now, WAIT_MS);
      return { change: { documents: [head], timers: [lookFor('case', due)] }, answer: undefined };
    });
  }

  async function lookAtList(key: Key): Promise<void> {
    const { pathwayId } = key;
    const list = (await store.get<ListHead>(key, LIST_HEAD))?.doc;
    const looked = (await store.get<Looked>(key, LOOKED))?.doc;
    const began = list?.newest?.beganAt ?? '';
    // A list that came meanwhile goes on where this one stood: what it brought comes after.
    const after = looked?.after ?? began;
    const index = await people.find(pathwayId);
    const page = index ? await store.page<CaseDoc>(pathwayId, 'identity', { after, limit: AT_ONCE }) : [];
    if (index) for (const { doc } of page) await suggestFor(pathwayId, doc, index);
    const last = page.at(-1);
    const more = !index || page.length === AT_ONCE;
    await run<ListHead, void>(key, LIST_HEAD, async ({ head, get }, now) => {
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
    /** The timer of a case or of a list has fired: what it told of people is looked at, some of it at a time. */
    async look(key: Key): Promise<void> {
      if (!rule('duplicates.look', timer, {}, () => false).allowed) throw new Error('looking is a timer’s');
      await (key.caseId.startsWith('_') ? lookAtList(key) : lookAtCase(key));
      kick(key.pathwayId);
    },
  };
}

export type Look = ReturnType<typeof createLook>;
