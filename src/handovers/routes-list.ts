import { z } from 'zod/v4';
import { type Agreement, positionCan, primeOf, providerOf } from '../agreement/agreement.ts';
import type { OnDuty } from '../agreement/deciding.ts';
import { scopeAt, scopeText } from '../agreement/scope.ts';
import { actorRef } from '../core/actors.ts';
import { withTotal } from '../core/cards.ts';
import { Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Waits } from '../core/waiting.ts';
import { type Escalation, escalationId } from '../escalations/escalation.ts';
import { CASE_HEAD, type CaseDoc, UNOWNED_SUBJECT, unknownCase } from '../register/case.ts';
import type { Listed, Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { caseCard, handoverList, ROWS_A_PAGE, standingCard, waitingRow } from './cards-lists.ts';
import type { Verb } from './cards-verbs.ts';
import type { Handovers } from './commands.ts';
import type { Drafts } from './drafts.ts';
import { handoverAsToday } from './earlier-names.ts';
import { type Handover, handoverSubject } from './handover.ts';
import { isOpen } from './lists.ts';
import { openForm } from './routes-form.ts';
import { waitingIn } from './waiting.ts';

const WHICH = ['open', 'mine', 'all'] as const;
type Which = (typeof WHICH)[number];
const TITLES: Record<Which, string> = {
  open: 'Open handovers',
  mine: 'Waiting for you',
  all: 'All handovers',
};
const LISTS: Record<Which, string> = { open: 'handovers.open', mine: 'waiting', all: 'handovers' };

/** A place on a list, as it travels on a button: an instant, a case, a handover; empty for the first page. */
const More = z
  .object({ list: z.enum(WHICH), after: z.string().regex(/^(?:[\d:.TZ-]{24}\|[0-9A-Z-]{1,20}\|h\d{1,4})?$/) })
  .loose();

export interface ListDeps {
  readonly store: Store;
  readonly run: RunTurn;
  readonly handovers: Handovers;
  readonly drafts: Drafts;
  readonly now: () => string;
  /** Who is on duty on the pathway at this moment. */
  readonly onDuty: (pathwayId: string) => Promise<OnDuty>;
}

/** Whose lists are shown: the channel's provider in its channel, otherwise the person's own. */
function providersOf({ actor, place }: Asking): string[] {
  if (place.provider !== undefined) return [place.provider];
  return [...new Set(actor.positions.map((position) => position.provider))];
}

/** The rows of a list after a place, one more than a page has, in their order. */
async function rowsOf(
  { store }: Pick<ListDeps, 'store'>,
  asking: Asking,
  which: Which,
  after: string,
): Promise<Listed<Handover>[]> {
  const found = await Promise.all(
    providersOf(asking).map((provider) =>
      store.page<Handover>(asking.pathwayId, `${LISTS[which]}@${provider}`, {
        after,
        limit: ROWS_A_PAGE + 1,
      }),
    ),
  );
  const merged = new Map<string, Listed<Handover>>();
  for (const row of found.flat()) merged.set(row.place, row);
  return [...merged.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** Handovers of a list as they read today. */
async function today(
  { store }: Pick<ListDeps, 'store'>,
  pathwayId: string,
  rows: readonly Listed<Handover>[],
): Promise<Handover[]> {
  return Promise.all(
    rows.map(async ({ doc }) => {
      const found = await store.get<CaseDoc>({ pathwayId, caseId: doc.caseId }, CASE_HEAD);
      return found ? handoverAsToday(doc, found.doc) : doc;
    }),
  );
}

/** What waits for the reader, or for the provider of the channel, for /mine: those to answer first come first. */
export const handoversWait =
  (deps: Pick<ListDeps, 'store' | 'handovers' | 'now'>): Waits =>
  async (asking) => {
    const { pathwayId } = asking;
    const rows = await rowsOf(deps, asking, 'mine', '');
    if (rows.length === 0) return undefined;
    const { terms } = await deps.handovers.inForce(pathwayId);
    const counts = providersOf(asking).map((one) => deps.store.count(pathwayId, `${LISTS.mine}@${one}`));
    const count = (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
    const shown = await today(deps, pathwayId, rows.slice(0, ROWS_A_PAGE));
    const data = { pathway: pathwayId, list: 'mine', after: '' };
    return {
      title: 'Handovers',
      count,
      rows: shown.map((one) => waitingRow(one, terms, deps.now())),
      ...(count > ROWS_A_PAGE && {
        more: { title: 'All handovers that wait', verb: 'list.page' satisfies Verb, data },
      }),
    };
  };

async function pageOf(deps: ListDeps, asking: Asking, which: Which, after: string): Promise<Reply> {
  const { terms } = await deps.handovers.inForce(asking.pathwayId);
  const rows = await rowsOf(deps, asking, which, after);
  const shown = rows.slice(0, ROWS_A_PAGE);
  const last = shown.at(-1);
  const more = rows.length > ROWS_A_PAGE && last ? { list: which, after: last.place } : undefined;
  const docs = await today(deps, asking.pathwayId, shown);
  const view = handoverList(TITLES[which], docs, terms, deps.now(), more);
  return { kind: 'card', view: withTotal(view, await totals(deps, asking, terms)) };
}

/** `St Anne's Hospice: 2 unanswered, 1 rejected and not taken on.`: as the digest counts them. */
async function totals(
  { store }: Pick<ListDeps, 'store'>,
  { pathwayId, actor, place }: Asking,
  terms: Agreement,
): Promise<string | undefined> {
  const scope = scopeAt(actor, place, terms);
  if (scope === undefined) return undefined;
  const { unanswered, rejected } = await waitingIn(store, pathwayId, scope, terms);
  return `${scopeText(scope, terms)}: ${unanswered} unanswered, ${rejected} rejected and not taken on.`;
}

/** `/handovers`, `/case`, `/handover`, and the buttons of their cards. */
export function listRoutes(deps: ListDeps): { verbs: VerbRoute[]; typed: TypedRoute[] } {
  return {
    verbs: [
      {
        verb: 'list.page' satisfies Verb,
        input: More,
        run: (asking, input) => {
          const { list, after } = input as z.infer<typeof More>;
          return pageOf(deps, asking, list, after);
        },
      },
    ],
    typed: [
      {
        command: '/handovers',
        usage: '[open|mine|all]',
        help: 'Handovers to and from your service',
        run: (asking, args) => {
          const which = args === '' ? 'open' : WHICH.find((one) => one === args.toLowerCase());
          if (!which) throw new Refused('usage', 'Type /handovers open, /handovers mine or /handovers all.');
          return pageOf(deps, asking, which, '');
        },
      },
      {
        command: '/handover',
        usage: '',
        help: 'Offer a handover to another service',
        run: async (asking) => {
          const reply = await openForm(deps.handovers, deps.drafts, asking, asking.place.provider);
          const { terms } = await deps.handovers.inForce(asking.pathwayId);
          const here = asking.place.provider;
          const provider = here === undefined ? undefined : providerOf(terms, here);
          return provider ? { ...reply, instead: standingCard(provider, terms) } : reply;
        },
      },
      {
        command: '/case',
        usage: 'ID',
        help: 'Who holds a case, and what is open about it',
        run: (asking, args) => showCase(deps, asking, args),
      },
    ],
  };
}

async function showCase({ run, handovers, ...deps }: ListDeps, asking: Asking, args: string): Promise<Reply> {
  const caseId = readRegisterId(args);
  if (caseId === undefined) {
    throw new Refused('usage', 'Type /case and the case number on the card, such as /case 7K2-M4Z.');
  }
  const { terms } = await handovers.inForce(asking.pathwayId);
  const onDuty = await deps.onDuty(asking.pathwayId);
  return run<CaseDoc, Reply>(
    { pathwayId: asking.pathwayId, caseId },
    CASE_HEAD,
    async ({ head, get }, now) => {
      if (!head) throw unknownCase();
      const positions = asking.place.scope === 'personal' ? entitled(asking, head, terms) : [];
      const climbs = await Promise.all(
        [...head.handovers.map(({ id }) => handoverSubject(id)), UNOWNED_SUBJECT].map((subject) =>
          get<Escalation>(escalationId(subject)),
        ),
      );
      const climbing = climbs.some((one) => one?.state === 'running');
      const setsActions = rule('action.set', asking.actor, {}, (at, ability) =>
        positionCan(terms, at, ability),
      ).allowed;
      const view = caseCard(head, terms, now, {
        entitled: positions.length > 0,
        onDuty,
        climbing,
        setsActions,
      });
      const answer: Reply = { kind: 'card', view };
      if (positions.length === 0) return { answer };
      const by = actorRef(asking.actor, positions[0]);
      return { change: { documents: [head], events: [{ type: 'case.viewed', by, data: {} }] }, answer };
    },
  );
}

/**
 * The positions that allow the person to see whom the case is about: at its holder (at the provider whose list
 * brought it, while nobody holds it), or where it is on offer.
 */
function entitled({ actor }: Asking, head: CaseDoc, terms: Agreement) {
  const offeredTo = head.handovers.findLast(isOpen);
  const sender = head.holder?.provider ?? head.unowned?.provider;
  const ruling = rule(
    'case.details',
    actor,
    {
      ...(sender !== undefined && { sender }),
      prime: primeOf(terms).id,
      ...(offeredTo && { receiver: offeredTo.to }),
    },
    (position, ability) => positionCan(terms, position, ability),
  );
  return ruling.allowed ? ruling.positions : [];
}
