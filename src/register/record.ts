import { type AgreementInForce, partnerName } from '../agreement/agreement.ts';
import { type Actor, type ActorRef, actorRef } from '../core/actors.ts';
import { type Change, mergeChanges } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { dateTime } from '../core/wording.ts';
import type { LadderStep } from '../escalations/escalation.ts';
import { lookFor, type Unowned } from './case.ts';
import { listMatter } from './climb.ts';
import type { Register, RegisterDeps } from './commands.ts';
import { takeBy } from './entry.ts';
import { type Doubt, doubtData, doubtsOf, type Strangers } from './held.ts';
import {
  BASELINE_SUBJECT,
  type Imported,
  isBaseline,
  LIST_HEAD,
  type ListDoc,
  type ListRef,
  listCase,
  listId,
  listKey,
  listSubject,
  MOST_ALONE,
  type Together,
  togetherId,
} from './list.ts';
import type { ListFile, Survey } from './reading.ts';

/** How a list begins: with its number and how it is alerted; or held, because it looks wrong. */
export type Begun =
  | {
      readonly kind: 'begun';
      readonly list: ListRef;
      readonly baseline: boolean;
      readonly climbs: Unowned['climbs'];
    }
  | { readonly kind: 'held'; readonly doubts: readonly Doubt[] };

/** What is still being entered of a list when another one follows it is in after so long, in milliseconds. */
const LOOK_MS = 10 * 60_000;

/** Records each list with its provider's others, and alerts as one what is too much for a card each. */
export function createListRecord(
  { store, run, kick, follow }: Pick<RegisterDeps, 'store' | 'run' | 'kick' | 'follow'>,
  register: Pick<Register, 'lookAtList'>,
) {
  return {
    /** Could it begin as things stand? Errors: as `orderOf`. */
    async mayBegin(
      pathwayId: string,
      file: ListFile,
      found: Survey,
      agreement: AgreementInForce,
      now: Instant,
    ): Promise<void> {
      const head = await store.get<ListDoc>(listKey(pathwayId, file.provider), LIST_HEAD);
      orderOf(head?.doc, file, found, agreement, now);
    },

    /**
     * Begins a list, or goes on with one that a crash left half in; the same list again is what it was. One that
     * looks wrong is held, until it comes again and is confirmed.
     */
    async begin(
      pathwayId: string,
      file: ListFile,
      found: Survey,
      nobodys: number,
      strangers: Strangers,
      agreement: AgreementInForce,
      actor: Actor,
    ): Promise<Begun> {
      const { provider } = file;
      const by = actorRef(actor);
      const begun = await run<ListDoc, Begun>(
        listKey(pathwayId, provider),
        LIST_HEAD,
        async (loaded, now) => {
          const { head } = loaded;
          const stands = head?.newest;
          const { again, asOf } = orderOf(head, file, found, agreement, now);
          const doubts = again ? [] : doubtsOf(found.lines, stands?.lines, strangers);
          const confirmed = file.confirmed === true && head?.held?.hash === found.hash;
          if (doubts.length > 0 && !confirmed) {
            return {
              ...holding(head, provider, found.hash, doubts, by, now),
              answer: { kind: 'held', doubts },
            };
          }
          const list: ListRef = again && stands ? stands : { id: listId((head?.count ?? 0) + 1), asOf };
          const before = await loaded.get<Together>(togetherId(list.id));
          const running = before?.ended ? undefined : before;
          const many = nobodys > MOST_ALONE;
          const together =
            running ?? (many ? asOne(list, provider, nobodys, agreement, now, before) : undefined);
          const baseline = head === undefined || isBaseline(head, list.id);
          const answer: Begun = {
            kind: 'begun',
            list,
            baseline,
            climbs: together ? 'with-its-list' : 'alone',
          };
          // What climbs as one must not end between two of its lines.
          const guarded = stands?.state === 'importing' || nobodys === 0 || !together;
          if (again && together === running && guarded) return { answer };
          const { held: _, ...known } = head ?? begunDoc(provider);
          const next: ListDoc = {
            ...known,
            count: again ? (head?.count ?? 1) : (head?.count ?? 0) + 1,
            newest: {
              ...list,
              hash: found.hash,
              lines: found.lines,
              state: 'importing',
              beganAt: (again ? stands?.beganAt : undefined) ?? now,
            },
          };
          const data = {
            provider,
            list: list.id,
            asOf,
            lines: found.lines,
            wrong: found.wrong.values,
            baseline,
            ...(doubts.length > 0 && { confirmed: doubtData(doubts) }),
          };
          // A crash may have left it half in, and nothing else would look at what climbs for it.
          const follows = !again && stands?.state === 'importing';
          const matter = together && together !== running ? listMatter(together, agreement.terms) : undefined;
          const steps: LadderStep[] = matter ? [{ do: 'begin', cause: 'unowned', matter }] : [];
          const change: Change = {
            documents: [next, ...(together ? [together] : [])],
            events: [{ type: 'list.began', by, data }],
            timers: follows
              ? [{ subject: listSubject(stands.id), fires: 'register.look', due: plusMs(now, LOOK_MS) }]
              : [],
            notices: (matter ? (together?.shownTo ?? []) : []).map((route) => ({
              form: 'show',
              subject: listSubject(list.id),
              route,
            })),
          };
          return { change: mergeChanges(change, ...(await follow(loaded, steps, actor, now))), answer };
        },
      );
      kick(pathwayId);
      return begun;
    },

    /** Records what came in. Nothing is recorded where nothing changed. */
    async finish(pathwayId: string, provider: string, actor: Actor, done: Imported): Promise<void> {
      const recorded = await run<ListDoc, boolean>(
        listKey(pathwayId, provider),
        LIST_HEAD,
        ({ head }, now) => {
          if (head?.newest?.id !== done.list.id) return { answer: false };
          if (head.newest.state === 'in' && done.fresh + done.updated === 0) return { answer: false };
          const { list, lines, fresh, updated, same, unowned, wrong } = done;
          const baseline = isBaseline(head, list.id);
          const data = {
            provider,
            list: list.id,
            asOf: list.asOf,
            baseline,
            lines,
            fresh,
            updated,
            same,
            unowned,
            wrong: wrong.values,
          };
          return {
            change: {
              documents: [
                {
                  ...head,
                  newest: { ...head.newest, state: 'in' },
                  ...(baseline && { baseline: list.id }),
                } as ListDoc,
              ],
              events: [{ type: 'list.imported', by: actorRef(actor), data }],
              timers: [
                lookFor('list', now),
                ...(baseline ? [{ subject: BASELINE_SUBJECT, fires: 'register.baseline', due: now }] : []),
              ],
            },
            answer: true,
          };
        },
      );
      await register.lookAtList(pathwayId, provider, done.list.id, recorded);
    },
  };
}

/** The record that a list is held; nothing where the same one is held already. */
function holding(
  head: ListDoc | undefined,
  provider: string,
  hash: string,
  doubts: readonly Doubt[],
  by: ActorRef,
  at: Instant,
): { readonly change?: Change } {
  if (head?.held?.hash === hash) return {};
  const next: ListDoc = {
    ...(head ?? begunDoc(provider)),
    held: { hash, doubts, by, at },
  };
  const data = { provider, doubts: doubtData(doubts) };
  return { change: { documents: [next], events: [{ type: 'list.held', by, data }] } };
}

/** The record of a provider's lists before the first of them went in. */
const begunDoc = (provider: string): ListDoc => ({
  id: LIST_HEAD,
  kind: 'list',
  schema: 1,
  audit: { seq: 0, hash: '' },
  lists: { chains: listCase(provider), lists: provider },
  provider,
  count: 0,
});

/** Is it the newest list again, and when was it true? Errors: `Refused` `older-list` for one that a newer one is in for. */
function orderOf(
  head: ListDoc | undefined,
  file: ListFile,
  found: Pick<Survey, 'hash'>,
  agreement: AgreementInForce,
  now: Instant,
): { readonly again: boolean; readonly asOf: Instant } {
  const stands = head?.newest;
  const again = stands?.hash === found.hash && (file.asOf ?? stands.asOf) === stands.asOf;
  const asOf = again ? stands.asOf : (file.asOf ?? now);
  if (!again && stands && asOf < stands.asOf) {
    throw new Refused('older-list', olderText(agreement, file.provider, stands.asOf, now));
  }
  return { again, asOf };
}

function asOne(
  { id, asOf }: ListRef,
  provider: string,
  brought: number,
  { version, terms }: AgreementInForce,
  now: Instant,
  before: Together | undefined,
): Together {
  return {
    id: togetherId(id),
    kind: 'together',
    schema: 1,
    provider,
    list: id,
    asOf,
    brought,
    since: now,
    needBy: takeBy(terms, provider, now),
    agreementVersion: version,
    revision: (before?.revision ?? 0) + 1,
    shownTo: before?.shownTo ?? [{ to: 'channel', provider }],
  };
}

const olderText = ({ terms }: AgreementInForce, provider: string, newest: Instant, now: Instant): string =>
  `A newer list of ${partnerName(terms, provider)} is in: it was true ${dateTime(newest, terms.zone, now)}. Send a list that is as new, or say when this one was true: --as-of, or as-of over HTTP.`;
