import { type AgreementInForce, partnerName, providerOf } from '../agreement/agreement.ts';
import type { ListTerms } from '../agreement/lists.ts';
import { listOf } from '../agreement/register.ts';
import { type Actor, actorRef } from '../core/actors.ts';
import { type Change, mergeChanges } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { newRegisterId } from '../core/register-id.ts';
import { dateTime } from '../core/wording.ts';
import type { LadderStep } from '../escalations/escalation.ts';
import { CASE_HEAD, type CaseDoc, type Unowned } from './case.ts';
import { caseMatter, listMatter } from './climb.ts';
import type { Register, RegisterDeps } from './commands.ts';
import { type Entered, type Entering, knownCase, newCase, takeBy } from './entry.ts';
import type { Line } from './line.ts';
import {
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
import { readList, type Survey, survey } from './reading.ts';

/** A list to be imported. It is read twice: once to be checked, once to be entered. */
export interface ListFile {
  readonly provider: string;
  /** When it was true; absent: now, or for a list that came before what was said then. */
  readonly asOf?: Instant;
  /** Nothing goes in when a line is wrong. */
  readonly allOrNothing?: boolean;
  bytes(): AsyncIterable<Uint8Array>;
  readonly progress?: (done: number) => void;
}

/** What an import did. */
export interface Imported {
  readonly list: ListRef;
  /** The provider's first list. */
  readonly baseline: boolean;
  readonly lines: number;
  readonly fresh: number;
  readonly updated: number;
  readonly same: number;
  /** New cases that nobody holds. */
  readonly unowned: number;
  readonly bad: readonly Problem[];
}

/** Imports partners' caseload lists. */
export function createListImport(deps: RegisterDeps, register: Pick<Register, 'inForce' | 'lookAtList'>) {
  const { store, run, claims, kick, random, follow } = deps;

  /** The case that this alias stands for, as far as the register knows one. */
  async function knownAs(pathwayId: string, provider: string, id: string): Promise<string | undefined> {
    const name = await claims.name(pathwayId, 'alias', provider, id);
    return claims.find(pathwayId, name);
  }

  /** How many of these lines would make a new case. */
  async function fresh(pathwayId: string, provider: string, ids: readonly string[]): Promise<number> {
    let count = 0;
    for (const id of ids) {
      const caseId = await knownAs(pathwayId, provider, id);
      if (caseId === undefined || !(await store.get({ pathwayId, caseId }, CASE_HEAD))) count += 1;
    }
    return count;
  }

  /** Begins a list, or goes on with one that a crash left half in; the same list again is what it was. */
  async function begin(
    pathwayId: string,
    file: ListFile,
    found: Survey,
    agreement: AgreementInForce,
    actor: Actor,
  ): Promise<{ list: ListRef; baseline: boolean; climbs: Unowned['climbs'] }> {
    const { provider } = file;
    const nobodys = await fresh(pathwayId, provider, found.nobodys);
    const by = actorRef(actor);
    const begun = await run<ListDoc, { list: ListRef; baseline: boolean; climbs: Unowned['climbs'] }>(
      listKey(pathwayId, provider),
      LIST_HEAD,
      async (loaded, now) => {
        const { head } = loaded;
        const stands = head?.newest;
        const again = stands?.hash === found.hash && (file.asOf ?? stands.asOf) === stands.asOf;
        const asOf = again ? stands.asOf : (file.asOf ?? now);
        if (!again && stands && asOf < stands.asOf) {
          throw new Refused('older-list', olderText(agreement, provider, stands.asOf, now));
        }
        const list: ListRef = again ? stands : { id: listId((head?.count ?? 0) + 1), asOf };
        const before = await loaded.get<Together>(togetherId(list.id));
        const together =
          before ?? (nobodys > MOST_ALONE ? asOne(list, provider, nobodys, agreement, now) : undefined);
        const baseline = again ? head?.count === 1 : head === undefined;
        const answer = { list, baseline, climbs: together ? ('with-its-list' as const) : ('alone' as const) };
        if (again && (before !== undefined) === (together !== undefined)) return { answer };
        const next: ListDoc = {
          id: LIST_HEAD,
          kind: 'list',
          schema: 1,
          audit: head?.audit ?? { seq: 0, hash: '' },
          lists: { chains: listCase(provider), lists: provider },
          provider,
          count: again ? (head?.count ?? 1) : (head?.count ?? 0) + 1,
          newest: { ...list, hash: found.hash, state: 'importing' },
        };
        const data = {
          provider,
          list: list.id,
          asOf,
          lines: found.lines,
          wrong: found.problems.length,
          baseline,
        };
        const matter = !before && together ? listMatter(together, agreement.terms) : undefined;
        const steps: LadderStep[] = matter ? [{ do: 'begin', cause: 'unowned', matter }] : [];
        const change: Change = {
          documents: [next, ...(together ? [together] : [])],
          events: [{ type: 'list.began', by, data }],
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
  }

  /** One line, in one commit with all that follows from it. */
  async function enter(
    pathwayId: string,
    entering: Omit<Entering, 'now'>,
    line: Line,
    actor: Actor,
  ): Promise<Entered> {
    const { provider, agreement } = entering;
    const name = await claims.name(pathwayId, 'alias', provider, line.id);
    const known = await knownAs(pathwayId, provider, line.id);
    for (;;) {
      const caseId = await claims.take(pathwayId, name, 'alias', () => known ?? newRegisterId(random));
      const entered = await run<CaseDoc, Entered | 'taken'>(
        { pathwayId, caseId },
        CASE_HEAD,
        async (loaded, now) => {
          const { head } = loaded;
          const ours = head?.aliases[provider] === line.id || head?.listed?.[provider]?.id === line.id;
          if (head && !ours) return { answer: 'taken' };
          const whole = { ...entering, now };
          const made = head ? knownCase(whole, line, head) : newCase(whole, line, caseId);
          if (!made.change) return { answer: made };
          const matter = head ? undefined : caseMatter(made.caseDoc, agreement.terms);
          const steps: LadderStep[] = matter ? [{ do: 'begin', cause: 'unowned', matter }] : [];
          const followed = await follow(loaded, steps, actor, now);
          return { change: mergeChanges(made.change, ...followed), answer: made };
        },
      );
      if (entered !== 'taken') return entered;
      await claims.rename(pathwayId, name, caseId, newRegisterId(random));
    }
  }

  /** Records what came in. Nothing is recorded where nothing changed. */
  async function finish(pathwayId: string, provider: string, actor: Actor, done: Imported): Promise<void> {
    const recorded = await run<ListDoc, boolean>(listKey(pathwayId, provider), LIST_HEAD, ({ head }) => {
      if (!head || head.newest.id !== done.list.id) return { answer: false };
      if (head.newest.state === 'in' && done.fresh + done.updated === 0) return { answer: false };
      const { list, baseline, lines, fresh, updated, same, unowned, bad } = done;
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
        wrong: bad.length,
      };
      return {
        change: {
          documents: [{ ...head, newest: { ...head.newest, state: 'in' } } as ListDoc],
          events: [{ type: 'list.imported', by: actorRef(actor), data }],
        },
        answer: true,
      };
    });
    if (recorded) await register.lookAtList(pathwayId, provider, done.list.id);
  }

  return {
    /**
     * Imports a list: each line finds its case by the partner's own id or makes one. Errors: `Invalid` for what is
     * no such list, and with `allOrNothing` for any wrong line (nothing went in); `Refused` for an unknown pathway
     * or provider, where the agreement does not say how its list is read, and for a list older than the newest.
     */
    async importList(pathwayId: string, actor: Actor, file: ListFile, now: Instant): Promise<Imported> {
      const { provider, asOf, progress } = file;
      const agreement = await register.inForce(pathwayId);
      if (!rule('register.import', actor, {}, () => false).allowed) {
        throw new Refused('role', 'A list is imported by the operator, at the command line.');
      }
      const list = howToRead(agreement, provider);
      if (asOf !== undefined && asOf > now) {
        throw new Invalid('The list was not read.', [
          { field: '--as-of', message: 'this time is still to come: write when the list was true' },
        ]);
      }
      const reading = { bytes: () => file.bytes(), agreement, list, now };
      const found = await survey(reading);
      if (found.lines === 0 || (file.allOrNothing && found.problems.length > 0)) {
        throw new Invalid(`Nothing was loaded: ${wrongText(found.problems.length)}.`, found.problems);
      }
      const begun = await begin(pathwayId, file, found, agreement, actor);
      const entering = { provider, list: begun.list, agreement, by: actorRef(actor), climbs: begun.climbs };
      const counts = { fresh: 0, updated: 0, same: 0, unowned: 0 };
      let done = 0;
      for await (const line of readList(reading, () => undefined)) {
        const { kind, caseDoc } = await enter(pathwayId, entering, line, actor);
        counts[kind === 'new' ? 'fresh' : kind] += 1;
        if (kind === 'new' && !caseDoc.holder) counts.unowned += 1;
        done += 1;
        progress?.(done);
        if (done % 100 === 0) kick(pathwayId);
      }
      const { list: ref, baseline } = begun;
      const imported = { list: ref, baseline, lines: found.lines, ...counts, bad: found.problems };
      await finish(pathwayId, provider, actor, imported);
      kick(pathwayId);
      return imported;
    },
  };
}

function howToRead({ terms }: AgreementInForce, provider: string): ListTerms {
  if (!providerOf(terms, provider)) {
    const known = terms.providers.map(({ id }) => id).join(', ');
    throw new Refused('unknown-provider', `There is no such provider on this pathway. Use one of: ${known}.`);
  }
  const list = listOf(terms, provider);
  if (list) return list;
  throw new Refused(
    'no-columns',
    `The agreement does not say how the list of ${partnerName(terms, provider)} is read. Name its columns under lists, and apply the agreement.`,
  );
}

function asOne(
  { id, asOf }: ListRef,
  provider: string,
  brought: number,
  { version, terms }: AgreementInForce,
  now: Instant,
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
    revision: 1,
    shownTo: [{ to: 'channel', provider }],
  };
}

const olderText = ({ terms }: AgreementInForce, provider: string, newest: Instant, now: Instant): string =>
  `A newer list of ${partnerName(terms, provider)} is in: it was true ${dateTime(newest, terms.zone, now)}. Import a list that is as new, or say with --as-of when this one was true.`;

/** `1 value is wrong`. */
export const wrongText = (count: number): string =>
  count === 1 ? 'one value is wrong' : `${count} values are wrong`;
