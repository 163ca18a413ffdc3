import { z } from 'zod/v4';
import { primeOf, providerOf } from '../agreement/agreement.ts';
import { scopeAt, scopeText } from '../agreement/scope.ts';
import { doneCard, noticeCard, withTotal } from '../core/cards.ts';
import type { Clock } from '../core/clock.ts';
import { inTime } from '../core/clock.ts';
import { Invalid, Refused } from '../core/errors.ts';
import type { Asking, CardView, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Presenters } from '../jobs/presenter.ts';
import type { Timers } from '../jobs/ticker.ts';
import { figuresCard, mismatchList, ROWS_A_PAGE, settledAlready, settleForm } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import type { Reconciliation } from './commands.ts';
import { providerOfCase, runIn } from './mismatch.ts';
import { mismatchesPresenter } from './presenter.ts';
import { MISMATCH_KINDS, type Reconciled } from './reconciliation.ts';
import type { WhichMismatch } from './settle.ts';

const Slug = z.string().regex(/^[a-z0-9-]{1,40}$/);
/** A place on a list as it travels on a button: an instant, a case and a kind. */
const More = z
  .object({
    provider: Slug,
    after: z.string().regex(/^(?:[\d:.TZ-]{24}\|[0-9A-Z-]{1,20}\|[a-z-]{1,30})?$/),
  })
  .loose();
const typed = z.string().max(20_000).optional();
const Which = z
  .object({
    provider: Slug,
    caseId: z.string().regex(/^[0-9A-Z-]{1,20}$/),
    what: z.enum(MISMATCH_KINDS),
    reason: typed,
    words: typed,
  })
  .loose();
type Which = z.infer<typeof Which>;

/** So long somebody waits for the figures, in milliseconds; a run that takes longer goes on by itself. */
const ANSWERED_MS = 5_000;

/** A button's answer is seen by whoever pressed it alone. */
const card = (view: CardView): Reply => ({ kind: 'card', view });

/** Everything that calls the reconciliation, as plain data: `/reconcile`, `/mismatches`, their buttons, the timer. */
export function reconciliationRoutes(
  reconciliation: Reconciliation,
  clock: Clock,
  /** Where it is written that a run nobody waits for any more failed. */
  failed: (error: unknown) => void,
) {
  const whichOf = ({ pathwayId }: Asking, { provider, caseId, what }: Which): WhichMismatch => ({
    pathwayId,
    provider,
    caseId,
    what,
  });

  /** The providers whose mismatches the reader may open: their own, and for the prime all. */
  async function readable({ pathwayId, actor }: Asking): Promise<string[]> {
    const { terms } = await reconciliation.inForce(pathwayId);
    const own = actor.positions.map(({ provider }) => provider);
    const all = terms.providers.map(({ id }) => id);
    const allowed: string[] = [];
    for (const provider of own.includes(primeOf(terms).id) ? all : all.filter((id) => own.includes(id))) {
      const page = await reconciliation.page({ pathwayId, actor }, provider, '', 1).catch(() => []);
      if (page.length > 0) allowed.push(provider);
    }
    return allowed;
  }

  async function figures(asking: Asking, result: Reconciled): Promise<Reply> {
    const { terms } = await reconciliation.inForce(asking.pathwayId);
    const view = figuresCard(result, await readable(asking), terms, clock.now());
    return { kind: 'card', view };
  }

  async function reconcile(asking: Asking): Promise<Reply> {
    const { pathwayId, actor } = asking;
    if (!(await reconciliation.mayRun(pathwayId, actor))) {
      const newest = await reconciliation.newest(pathwayId);
      if (newest) return figures(asking, newest);
      return { kind: 'card', view: noticeCard({ title: 'No figures yet', text: NONE_YET }) };
    }
    const run = reconciliation.run(pathwayId, actor);
    const answer = await inTime(
      clock,
      ANSWERED_MS,
      run.then((result) => ({ result })).catch((error: unknown) => ({ error })),
    ).catch(() => undefined);
    if (answer === undefined) {
      run.catch(failed);
      return { kind: 'card', view: noticeCard({ title: 'The lists are being compared', text: UNDER_WAY }) };
    }
    if ('error' in answer) throw answer.error;
    return figures(asking, answer.result);
  }

  async function page(asking: Asking, provider: string, after: string): Promise<Reply> {
    const { pathwayId } = asking;
    const { terms } = await reconciliation.inForce(pathwayId);
    if (!providerOf(terms, provider)) throw unknownProvider(terms.providers.map(({ id }) => id));
    const listed = await reconciliation.page(asking, provider, after, ROWS_A_PAGE + 1);
    const shown = listed.slice(0, ROWS_A_PAGE);
    const rows = await Promise.all(
      shown.map(async ({ doc }) => ({
        mismatch: doc,
        caseDoc: await reconciliation.caseOf(pathwayId, doc.caseId),
      })),
    );
    const more = listed.length > ROWS_A_PAGE ? shown.at(-1)?.place : undefined;
    const count = await reconciliation.waiting(pathwayId, provider);
    const view = mismatchList(rows, provider, count, terms, clock.now(), more);
    const scope = scopeAt(asking.actor, asking.place, terms);
    const total =
      scope && `${scopeText(scope, terms)}: ${await reconciliation.waitingIn(pathwayId, scope)} to settle.`;
    return { kind: 'card', view: withTotal(view, total) };
  }

  async function send(asking: Asking, pressed: Which): Promise<Reply> {
    const which = whichOf(asking, pressed);
    try {
      const found = await reconciliation.settle(which, asking.actor, pressed);
      const by = found.mismatch.settled?.by;
      const mine = by !== undefined && 'person' in by && by.person === asking.actor.person;
      if (!mine) return card(settledAlready(found, clock.now()));
      return card(
        doneCard(`Settled: case ${pressed.caseId}. It does not come back until what it says changes.`),
      );
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const { mismatch, caseDoc, today } = await reconciliation.forSettling(which, asking.actor);
      const { reason, words } = pressed;
      return card(settleForm(mismatch, caseDoc, today, { reason, words, problems: error.problems }));
    }
  }

  const route = <T extends z.ZodType>(
    verb: Verb,
    input: T,
    run: (asking: Asking, pressed: z.infer<T>) => Promise<Reply>,
  ): VerbRoute => ({ verb, input, run: (asking, pressed) => run(asking, pressed as z.infer<T>) });

  const verbs: VerbRoute[] = [
    route('mismatch.list', More, (asking, { provider, after }) => page(asking, provider, after)),
    route('mismatch.settle', Which, async (asking, pressed) => {
      const found = await reconciliation.forSettling(whichOf(asking, pressed), asking.actor);
      const { mismatch, caseDoc, today } = found;
      return card(
        mismatch.settled ? settledAlready(found, clock.now()) : settleForm(mismatch, caseDoc, today),
      );
    }),
    route('mismatch.settle.send', Which, send),
  ];
  const typedCommands: TypedRoute[] = [
    {
      command: '/reconcile',
      usage: '',
      help: 'Compare the register with the partners’ lists',
      run: reconcile,
    },
    {
      command: '/mismatches',
      usage: '[PROVIDER]',
      help: 'Mismatches between the lists that wait to be settled',
      run: async (asking, args) => {
        const { terms } = await reconciliation.inForce(asking.pathwayId);
        const own = asking.actor.positions.map(({ provider }) => provider);
        const here = own.find((provider) => provider === asking.place.provider);
        const provider = args.trim().toLowerCase() || here || own[0] || '';
        if (!providerOf(terms, provider)) throw unknownProvider(terms.providers.map(({ id }) => id));
        return { ...(await page(asking, provider, '')), private: true };
      },
    },
  ];
  const timers: Timers = {
    'mismatch.overdue': ({ pathwayId, caseId, subject, late }) =>
      reconciliation.overdue(pathwayId, providerOfCase(caseId), runIn(subject), late),
  };
  const presenters: Presenters = { mismatches: mismatchesPresenter(reconciliation) };
  return { verbs, typed: typedCommands, timers, presenters };
}

const NONE_YET = 'The lists were not compared yet. The prime’s coordinators do that with /reconcile.';
const UNDER_WAY = 'It takes a while with so many cases. Type /reconcile again in a minute for the figures.';

const unknownProvider = (ids: readonly string[]) =>
  new Refused(
    'usage',
    `Type /mismatches and a provider, such as /mismatches ${ids[0]}. There are: ${ids.join(', ')}.`,
  );
