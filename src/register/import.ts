import { type AgreementInForce, partnerName, providerOf } from '../agreement/agreement.ts';
import type { ListTerms } from '../agreement/lists.ts';
import { listOf } from '../agreement/register.ts';
import { abreast } from '../core/abreast.ts';
import type { Actor } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { newRegisterId } from '../core/register-id.ts';
import { CASE_HEAD } from './case.ts';
import type { ImportDeps, Register } from './commands.ts';
import { createEntry } from './enter.ts';
import { heldText, type Strangers } from './held.ts';
import { BASELINE_SUBJECT, type Imported, LIST_HEAD, type ListDoc, listKey } from './list.ts';
import { type ListFile, readList, survey } from './reading.ts';
import { createListRecord } from './record.ts';
import type { Wrong } from './wrong.ts';

/** So many ids are looked up at the same time. */
const LOOKED_UP_AT_ONCE = 64;
const BASELINE_TEXT =
  'Check the first caseload list of this provider, from which its cases came into the register: that it was the ' +
  'whole list, and that each case which names no holder is taken by whoever has it. What it lacked or had wrong ' +
  'goes into the next list.';

/** Imports partners' caseload lists. */
export function createListImport(deps: ImportDeps, register: Pick<Register, 'inForce' | 'lookAtList'>) {
  const { store, claims, kick, clock, random, run, setAction } = deps;
  const entry = createEntry(deps);
  const record = createListRecord(deps, register);

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

  /** Of these ids, how many stand for a case of another partner and for none of this provider's. */
  async function strangersIn(
    pathwayId: string,
    provider: string,
    ids: readonly string[],
    { terms }: AgreementInForce,
  ): Promise<Strangers> {
    const others = [...terms.providers, ...terms.outside].map(({ id }) => id).filter((id) => id !== provider);
    const of = new Map<string, number>();
    await abreast(ids, LOOKED_UP_AT_ONCE, clock, async (id) => {
      if (await knownAs(pathwayId, provider, id)) return;
      const known = await Promise.all(others.map((other) => knownAs(pathwayId, other, id)));
      for (const [at, other] of others.entries()) {
        if (known[at] !== undefined) of.set(other, (of.get(other) ?? 0) + 1);
      }
    });
    return { asked: ids.length, of };
  }

  return {
    /**
     * Imports a list: each line finds its case by the partner's own id or makes one. Errors: `Invalid` for what is
     * no such list, and with `allOrNothing` for any wrong line (nothing went in); `Refused` for an unknown pathway
     * or provider, where the agreement does not say how its list is read, for a list older than the newest, and
     * `list-held` for one that looks wrong and is not confirmed.
     */
    async importList(pathwayId: string, actor: Actor, file: ListFile, now: Instant): Promise<Imported> {
      const { provider, asOf, progress } = file;
      const agreement = await register.inForce(pathwayId);
      if (!rule('register.import', actor, { sender: provider }, () => false).allowed) {
        throw new Refused('role', 'A list is sent by its own provider, or imported at the command line.');
      }
      const list = howToRead(agreement, provider);
      if (asOf !== undefined && asOf > now) {
        throw new Invalid('The list was not read.', [
          { field: 'as-of', message: 'this time is still to come: write when the list was true' },
        ]);
      }
      const reading = { bytes: () => file.bytes(), agreement, list, now };
      const found = await survey(reading);
      const { wrong } = found;
      if (found.lines === 0 || (file.allOrNothing && wrong.values > 0)) {
        throw new Invalid(`Nothing was loaded: ${wrongText(wrong)}.`, wrong.first);
      }
      const nobodys = await fresh(pathwayId, provider, found.nobodys);
      const strangers = await strangersIn(pathwayId, provider, found.sample, agreement);
      await record.mayBegin(pathwayId, file, found, agreement, now);
      await file.begins?.();
      const begun = await record.begin(pathwayId, file, found, nobodys, strangers, agreement, actor);
      if (begun.kind === 'held') throw new Refused('list-held', heldText(begun.doubts, provider, agreement));
      const entering = { provider, list: begun.list, agreement, climbs: begun.climbs };
      const counts = { fresh: 0, updated: 0, same: 0, unowned: 0 };
      let done = 0;
      const lines = readList(reading, () => undefined);
      await entry.all(pathwayId, entering, lines, actor, ({ kind, caseDoc }) => {
        counts[kind === 'new' ? 'fresh' : kind] += 1;
        if (kind === 'new' && !caseDoc.holder) counts.unowned += 1;
        done += 1;
        progress?.(done);
        if (done % 100 === 0) kick(pathwayId);
      });
      const { list: ref, baseline } = begun;
      const imported = { list: ref, baseline, lines: found.lines, ...counts, wrong };
      await record.finish(pathwayId, provider, actor, imported);
      kick(pathwayId);
      return imported;
    },

    /** The provider of a first list is to check it: one action, however often this comes. */
    async checkBaseline(pathwayId: string, provider: string): Promise<void> {
      const timer: Actor = { kind: 'system', job: 'timer' };
      if (!rule('register.baseline', timer, {}, () => false).allowed)
        throw new Refused('role', 'Only Baton does this, when a first list is in.');
      const name = await claims.name(pathwayId, 'baseline', provider);
      for (;;) {
        const actionId = await claims.take(pathwayId, name, 'baseline', () => newRegisterId(random));
        const wanted = {
          what: BASELINE_TEXT,
          owner: { provider },
          inDays: 7,
          from: { kind: 'list', provider },
        } as const;
        if ((await setAction({ pathwayId, actionId }, wanted)) === 'set') break;
        await claims.rename(pathwayId, name, actionId, newRegisterId(random));
      }
      await run<ListDoc, void>(listKey(pathwayId, provider), LIST_HEAD, ({ head }) => ({
        ...(head && {
          change: {
            documents: [head],
            timers: [{ subject: BASELINE_SUBJECT, fires: 'register.baseline', due: null }],
          },
        }),
        answer: undefined,
      }));
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

/** `1 value is wrong`, and where more are wrong than are named, how many of them are. */
export function wrongText({ values, first }: Wrong): string {
  const count = values === 1 ? 'one value is wrong' : `${values} values are wrong`;
  return values > first.length ? `${count}; the first ${first.length} are named` : count;
}

export type ListImport = ReturnType<typeof createListImport>;
