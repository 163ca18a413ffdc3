import { z } from 'zod/v4';
import { type Agreement, partnerName, providerOf } from '../agreement/agreement.ts';
import { scopeAt, scopeText, totalIn } from '../agreement/scope.ts';
import { doneCard, noticeCard, withTotal } from '../core/cards.ts';
import { Refused } from '../core/errors.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Presenters } from '../jobs/presenter.ts';
import type { Timers } from '../jobs/ticker.ts';
import type { Store } from '../store/store.ts';
import { ROWS_A_PAGE, unownedList } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import { heldBy } from './case.ts';
import type { Register, Taken } from './commands.ts';
import type { ListImport } from './import.ts';
import { listIn, providerIn } from './list.ts';
import { listPresenter, unownedPresenter } from './presenter.ts';
import { fasterText } from './rules.ts';
import { unownedWait } from './waits.ts';

const Take = z.object({ caseId: z.string().max(20) }).loose();
/** A place on a list, as it travels on the button: an instant and a case. */
const More = z
  .object({
    provider: z.string().regex(/^[a-z0-9-]{0,40}$/),
    after: z.string().regex(/^(?:[\d:.TZ-]{24}\|[0-9A-Z-]{1,20})?$/),
  })
  .loose();

/** Everything that calls the register, as plain data: `/take`, `/unowned`, their buttons, the timer, how they read. */
export function registerRoutes(
  store: Store,
  register: Register,
  lists: Pick<ListImport, 'checkBaseline'>,
  now: () => string,
) {
  async function take(asking: Asking, caseId: string, named?: string): Promise<Reply> {
    const { actor, pathwayId, place } = asking;
    // In a provider's channel those who work there act for it.
    const here = actor.positions.some(({ provider }) => provider === place.provider);
    const at = named ?? (here ? place.provider : undefined);
    return { kind: 'card', view: takenCard(await register.take(pathwayId, caseId, actor, at)) };
  }

  async function page(asking: Asking, provider: string, after: string): Promise<Reply> {
    const { pathwayId } = asking;
    const { terms } = await register.inForce(pathwayId);
    const rows = await register.page(pathwayId, provider || undefined, after, ROWS_A_PAGE + 1);
    const last = rows.slice(0, ROWS_A_PAGE).at(-1);
    const more = rows.length > ROWS_A_PAGE && last ? { provider, after: last.place } : undefined;
    const docs = rows.map(({ doc }) => doc);
    const view = unownedList(docs, terms, now(), more);
    return { kind: 'card', view: withTotal(view, await totals(asking, terms)) };
  }

  /** `St Anne's Hospice: 2.`, of so many on the pathway: as the digest counts them. */
  async function totals({ pathwayId, actor, place }: Asking, terms: Agreement): Promise<string | undefined> {
    const scope = scopeAt(actor, place, terms);
    if (scope === undefined) return undefined;
    const own = await totalIn(store, pathwayId, scope, 'unowned');
    const of =
      scope === 'all' ? '' : ` of ${await totalIn(store, pathwayId, 'all', 'unowned')} on the pathway`;
    return `${scopeText(scope, terms)}: ${own}${of}.`;
  }

  const route = <T extends z.ZodType>(
    verb: Verb,
    input: T,
    run: (asking: Asking, pressed: z.infer<T>) => Promise<Reply>,
  ): VerbRoute => ({ verb, input, run: (asking, pressed) => run(asking, pressed as z.infer<T>) });

  const verbs: VerbRoute[] = [
    route('case.take', Take, (asking, { caseId }) => take(asking, caseId)),
    route('unowned.list', More, (asking, { provider, after }) => page(asking, provider, after)),
  ];
  const typed: TypedRoute[] = [
    {
      command: '/take',
      usage: 'ID',
      help: 'Take a case that nobody holds',
      run: async (asking, args) => {
        const [, id = '', provider = ''] = /^(.*?)(?:\s+([a-z0-9-]{1,40}))?$/i.exec(args.trim()) ?? [];
        const { terms } = await register.inForce(asking.pathwayId);
        const named = providerOf(terms, provider.toLowerCase())?.id;
        const caseId = readRegisterId(named === undefined ? args : id);
        if (caseId === undefined) {
          throw new Refused('usage', 'Type /take and the case number on the card, such as /take 7K2-M4Z.');
        }
        return take(asking, caseId, named);
      },
    },
    {
      command: '/unowned',
      usage: '',
      help: 'Cases that nobody holds, to be taken',
      run: (asking) => page(asking, '', ''),
    },
  ];
  const timers: Timers = {
    'register.taken': ({ pathwayId, caseId }) => register.taken(pathwayId, caseId),
    'register.look': ({ pathwayId, caseId, subject }) =>
      register.look(pathwayId, providerIn(caseId), listIn(subject)),
    'register.baseline': ({ pathwayId, caseId }) => lists.checkBaseline(pathwayId, providerIn(caseId)),
  };
  const presenters: Presenters = { unowned: unownedPresenter(register), list: listPresenter(register) };
  return { verbs, typed, timers, presenters, waits: unownedWait(store, register, now) };
}

function takenCard({ kind, caseDoc, today }: Taken) {
  const { caseId, holder } = caseDoc;
  const held = heldBy(holder, today);
  if (kind === 'moved') return noticeCard({ title: `Case ${caseId}`, text: fasterText(caseDoc, today) });
  return doneCard(
    `Case ${caseId}: ${held}. It is yours for ${partnerName(today, holder.provider)} until somebody accepts it from you.`,
  );
}
