import { type AgreementInForce, partnerName, providerOf } from '../agreement/agreement.ts';
import type { ListTerms } from '../agreement/lists.ts';
import { listOf } from '../agreement/register.ts';
import { type Actor, actorRef } from '../core/actors.ts';
import { mergeChanges } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { newRegisterId } from '../core/register-id.ts';
import type { LadderStep } from '../escalations/escalation.ts';
import { CASE_HEAD, type CaseDoc } from './case.ts';
import { caseMatter } from './climb.ts';
import type { Register, RegisterDeps } from './commands.ts';
import { type Entered, type Entering, knownCase, newCase } from './entry.ts';
import type { Line } from './line.ts';
import type { Imported } from './list.ts';
import { type ListFile, readList, survey } from './reading.ts';
import { createListRecord } from './record.ts';

/** Imports partners' caseload lists. */
export function createListImport(deps: RegisterDeps, register: Pick<Register, 'inForce' | 'lookAtList'>) {
  const { store, run, claims, kick, random, follow } = deps;
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
      const nobodys = await fresh(pathwayId, provider, found.nobodys);
      const begun = await record.begin(pathwayId, file, found, nobodys, agreement, actor);
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
      await record.finish(pathwayId, provider, actor, imported);
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

/** `1 value is wrong`. */
export const wrongText = (count: number): string =>
  count === 1 ? 'one value is wrong' : `${count} values are wrong`;
