import { abreast } from '../core/abreast.ts';
import { type Actor, actorRef } from '../core/actors.ts';
import { mergeChanges } from '../core/change.ts';
import { newRegisterId } from '../core/register-id.ts';
import type { LadderStep } from '../escalations/escalation.ts';
import { CASE_HEAD, type CaseDoc } from './case.ts';
import { caseMatter } from './climb.ts';
import type { ImportDeps } from './commands.ts';
import { type Entered, type Entering, knownCase, newCase } from './entry.ts';
import type { Line } from './line.ts';
import { windows } from './windows.ts';

/**
 * So many lines are sorted before they are entered. Claims, cases and their places then go into the store's trees in
 * order, each page of them once a window instead of once a line; and so much of a file is held at a time.
 */
const WINDOW = 100_000;
/** So many lines are entered at the same time, so that their commits share the store's transactions. */
const AT_ONCE = 512;

/** A line with the name of its claim, and the id of its case should it need one. */
interface Named {
  readonly line: Line;
  readonly name: string;
  readonly fresh: string;
}

/** Enters the lines of lists: each finds its case by the partner's own id, or makes one. */
export function createEntry({ run, claims, random, follow, clock }: ImportDeps) {
  /** Lines in the order of their claims, with new ids in the same order: what both say of a person is nothing. */
  async function inOrder(pathwayId: string, provider: string, lines: readonly Line[]): Promise<Named[]> {
    const names = await Promise.all(lines.map(({ id }) => claims.name(pathwayId, 'alias', provider, id)));
    const ids = lines.map(() => newRegisterId(random)).sort();
    return lines
      .map((line, at) => ({ line, name: names[at] ?? '' }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((one, at) => ({ ...one, fresh: ids[at] ?? '' }));
  }

  /** One line: its claim, and then in one commit its case with all that follows from it. */
  async function enter(
    pathwayId: string,
    entering: Omit<Entering, 'now' | 'by'>,
    { line, name, fresh }: Named,
    actor: Actor,
  ): Promise<Entered> {
    const { provider, agreement } = entering;
    for (;;) {
      const caseId = await claims.take(pathwayId, name, 'alias', () => fresh);
      const entered = await run<CaseDoc, Entered | 'taken'>(
        { pathwayId, caseId },
        CASE_HEAD,
        async (loaded, now) => {
          const { head } = loaded;
          const ours = head?.aliases[provider] === line.id || head?.listed?.[provider]?.id === line.id;
          if (head && !ours) return { answer: 'taken' };
          const whole = { ...entering, by: actorRef(actor), now };
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
    /** Enters all of them, and says of each what it meant. Errors: those of the store; what is in stays in. */
    async all(
      pathwayId: string,
      entering: Omit<Entering, 'now' | 'by'>,
      lines: AsyncIterable<Line>,
      actor: Actor,
      entered: (what: Entered) => void,
    ): Promise<void> {
      let most = AT_ONCE;
      for await (const window of windows(lines, WINDOW)) {
        const named = await inOrder(pathwayId, entering.provider, window);
        most = await abreast(named, most, clock, async (one) => {
          entered(await enter(pathwayId, entering, one, actor));
        });
      }
    },
  };
}
