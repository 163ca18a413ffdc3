import type { Action } from '../actions/action.ts';
import type { Doc } from '../core/change.ts';
import type { Pair } from '../duplicates/pair.ts';
import type { Handover } from '../handovers/handover.ts';
import type { Mismatch } from '../reconciliation/mismatch.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Store } from '../store/store.ts';
import type { Line, LineKind } from './digest.ts';

/** Where the lines of a kind stand, of one provider or of all, and what a document there says. */
interface Source {
  readonly kind: LineKind;
  readonly list: (provider?: string) => string;
  readonly lineOf: (doc: Doc) => Line | undefined;
}

const source = <T extends Doc>(
  kind: LineKind,
  list: (provider?: string) => string,
  lineOf: (doc: T) => Line | undefined,
): Source => ({ kind, list, lineOf: (doc) => lineOf(doc as T) });
const at =
  (list: string, of = list) =>
  (provider?: string): string =>
    provider === undefined ? list : `${of}@${provider}`;

/** Every kind of line, on the lists that the figures count. */
export const SOURCES: readonly Source[] = [
  source<Pair>('duplicate', at('duplicates', 'duplicates.of'), ({ a, b, owner, since }) => ({
    kind: 'duplicate',
    id: a,
    other: b,
    provider: owner,
    since,
  })),
  source<CaseDoc>(
    'unowned',
    at('unowned'),
    ({ caseId, unowned }) =>
      unowned && {
        kind: 'unowned',
        id: caseId,
        provider: unowned.provider,
        since: unowned.since,
        needBy: unowned.needBy,
      },
  ),
  source<Action>('action', at('actions.open'), ({ actionId, owner, setAt, dueAt }) => ({
    kind: 'action',
    id: actionId,
    provider: owner.provider,
    since: setAt,
    needBy: dueAt,
  })),
  source<Handover>('handover', at('handovers.waiting', 'waiting'), handoverLine),
  source<Mismatch>('mismatch', at('mismatches'), ({ caseId, what, provider, since, settleBy }) => ({
    kind: 'mismatch',
    id: caseId,
    what,
    provider,
    since,
    needBy: settleBy,
  })),
];

function handoverLine({ caseId, handoverId, state, sender, to, offeredAt, answerBy }: Handover): Line {
  const rejected = state === 'rejected' || state === 'withdrawn';
  return {
    kind: 'handover',
    id: caseId,
    handoverId,
    provider: state === 'offered' ? to : sender,
    since: offeredAt,
    needBy: answerBy,
    ...(rejected && { rejected }),
  };
}

const PAGE = 1_000;

/** The lines of a kind in the order of their list, `size` read at a time. */
export async function* linesOf(
  store: Pick<Store, 'page'>,
  pathwayId: string,
  { list, lineOf }: Source,
  { provider, size = PAGE }: { readonly provider?: string; readonly size?: number } = {},
): AsyncGenerator<Line> {
  for (let after = ''; ; ) {
    const page = await store.page<Doc>(pathwayId, list(provider), { after, limit: size });
    for (const { doc, place } of page) {
      after = place;
      const line = lineOf(doc);
      if (line) yield line;
    }
    if (page.length < size) return;
  }
}

/** The first so many lines of each kind, of one provider. */
export async function firstLines(
  store: Pick<Store, 'page'>,
  pathwayId: string,
  provider: string,
  most: number,
): Promise<Line[]> {
  const pages = await Promise.all(
    SOURCES.map(async ({ list, lineOf }) => {
      const page = await store.page<Doc>(pathwayId, list(provider), { limit: most });
      return page.flatMap(({ doc }) => lineOf(doc) ?? []);
    }),
  );
  return pages.flat();
}

/** So many lines of a kind are looked through for those of former partners, which have no list of their own. */
const LOOKED_THROUGH = 20_000;

/** The first so many lines of each kind that belong to none of the partners; `there`: how many there are of a kind. */
export async function othersLines(
  store: Pick<Store, 'page'>,
  pathwayId: string,
  isPartner: (provider: string) => boolean,
  there: (kind: LineKind) => number,
  most: number,
): Promise<Line[]> {
  const found: Line[] = [];
  for (const source of SOURCES) {
    const wanted = Math.min(there(source.kind), most);
    let own = 0;
    let looked = 0;
    if (wanted === 0) continue;
    for await (const line of linesOf(store, pathwayId, source)) {
      if (!isPartner(line.provider)) {
        found.push(line);
        own += 1;
      }
      looked += 1;
      if (own === wanted || looked === LOOKED_THROUGH) break;
    }
  }
  return found;
}
