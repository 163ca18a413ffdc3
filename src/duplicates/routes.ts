import { z } from 'zod/v4';
import { primeOf } from '../agreement/agreement.ts';
import { doneCard, withTotal } from '../core/cards.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, CardView, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Timers } from '../jobs/due.ts';
import { apartForm, pairCard, pairList, ROWS_A_PAGE } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import type { Duplicates, Outcome, Which } from './commands.ts';
import type { Look } from './look.ts';
import { apart } from './rules.ts';

const registerId = z.string().transform((id, found) => {
  const read = readRegisterId(id);
  if (read === undefined) found.addIssue({ code: 'custom', message: 'is no case' });
  return read ?? '';
});
/** What every button about a pair carries, and what may be typed beside it. */
const Pressed = z
  .object({
    a: registerId,
    b: registerId,
    revision: z.coerce.number().int().min(0).default(0),
    reason: z.string().max(20_000).optional(),
  })
  .loose();
type Pressed = z.infer<typeof Pressed>;
/** A place on a list of pairs, as it travels on the button: an instant and two cases; empty for the first page. */
const More = z
  .object({
    caseId: z.string().regex(/^[0-9A-Z-]{0,20}$/),
    after: z.string().regex(/^(?:[\d:.TZ-]{24}\|[0-9A-Z-]{1,20}:[0-9A-Z-]{1,20})?$/),
  })
  .loose();

/** Everything here may show whom a case is about: it goes to whoever asked, and to nobody beside them. */
const card = (view: CardView): Reply => ({ kind: 'card', private: true, view });

export interface DuplicateRouteDeps {
  readonly duplicates: Duplicates;
  readonly look: Look;
  readonly now: () => string;
}

/** Everything that calls the pairs, as plain data: `/duplicates`, its buttons, the timers. */
export function duplicateRoutes({ duplicates, look, now }: DuplicateRouteDeps) {
  const whichOf = ({ pathwayId }: Asking, { a, b }: Pressed): Which => ({ pathwayId, a, b });

  async function page({ pathwayId, actor }: Asking, caseId: string, after: string): Promise<Reply> {
    const { terms } = await duplicates.inForce(pathwayId);
    const theirs = [...new Set(actor.positions.map(({ provider }) => provider))];
    // Whoever coordinates at the prime decides for all.
    const providers = theirs.includes(primeOf(terms).id) ? undefined : theirs;
    const rows = await duplicates.page(
      pathwayId,
      actor,
      { caseId: caseId || undefined, providers, after, limit: ROWS_A_PAGE + 1 },
      now(),
    );
    const last = rows.slice(0, ROWS_A_PAGE).at(-1);
    const more = rows.length > ROWS_A_PAGE && last ? { caseId, after: last.place } : undefined;
    const total = caseId === '' ? await duplicates.totals(pathwayId, actor) : undefined;
    return card(withTotal(pairList(rows, terms, more), total));
  }

  const route = (verb: Verb, run: (asking: Asking, pressed: Pressed) => Promise<Reply>): VerbRoute => ({
    verb,
    input: Pressed,
    run: (asking, pressed) => run(asking, pressed as Pressed),
  });

  /** What became of a press: what it means, or the pair as others have left it. */
  const said = (outcome: Outcome, text: string): Reply =>
    card(outcome.verdict === 'moved' ? pairCard(outcome) : doneCard(text));

  /** A form shown again with what was typed when something is wrong with it. */
  async function orAgain(
    send: () => Promise<Reply>,
    again: (problems: readonly Problem[]) => Promise<Reply>,
  ) {
    try {
      return await send();
    } catch (error) {
      if (error instanceof Invalid) return again(error.problems);
      throw error;
    }
  }

  const verbs: VerbRoute[] = [
    {
      verb: 'duplicate.page' satisfies Verb,
      input: More,
      run: (asking, input) => {
        const { caseId, after } = input as z.infer<typeof More>;
        return page(asking, caseId, after);
      },
    },
    route('duplicate.view', async (asking, pressed) =>
      card(pairCard(await duplicates.view(whichOf(asking, pressed), asking.actor))),
    ),
    route('duplicate.apart', async (asking, pressed) => {
      const found = await duplicates.view(whichOf(asking, pressed), asking.actor, 'duplicate.decide');
      return card(found.pair.revision === pressed.revision ? apartForm(found) : pairCard(found));
    }),
    route('duplicate.apart.send', (asking, pressed) =>
      orAgain(
        async () => {
          const decide = (facts: Parameters<typeof apart>[0]) => apart(facts, pressed);
          const outcome = await duplicates.press(whichOf(asking, pressed), asking.actor, decide);
          return said(
            outcome,
            `Cases ${outcome.pair.a} and ${outcome.pair.b} are not duplicates. They are suggested again only if a record changes what it says of the person.`,
          );
        },
        async (problems) => {
          const found = await duplicates.view(whichOf(asking, pressed), asking.actor, 'duplicate.decide');
          return card(apartForm(found, { typed: pressed.reason ?? '', problems }));
        },
      ),
    ),
  ];
  const typed: TypedRoute[] = [
    {
      command: '/duplicates',
      usage: '[ID]',
      help: 'Cases that may be one person, to be decided',
      personalOnly: true,
      run: (asking, args) => {
        const caseId = args.trim() === '' ? '' : readRegisterId(args);
        if (caseId === undefined) {
          throw new Refused(
            'usage',
            'Type /duplicates, or /duplicates and a case number, such as 7K2-M4Z, for all pairs of that case.',
          );
        }
        return page(asking, caseId, '');
      },
    },
  ];
  const timers: Timers = {
    'duplicates.look': ({ pathwayId, caseId }) => look.look({ pathwayId, caseId }),
  };
  return { verbs, typed, timers };
}
