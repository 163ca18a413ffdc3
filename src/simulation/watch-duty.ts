import { type Agreement, positionCan, primeOf } from '../agreement/agreement.ts';
import type { Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Away, RotaDoc, Shift } from '../rota/rota.ts';
import type { ReachDoc } from '../store/reach.ts';
import type { Write } from '../store/store.ts';
import type { MemoryStore } from './memory-store.ts';
import { ownerOf, PATHWAY } from './pathway.ts';
import type { VirtualTime } from './time.ts';
import type { CaseWatch } from './watch-cases.ts';

/** People on duty somewhere at a time: surely, whatever a decision had read by then; and possibly. */
export interface OnDuty {
  readonly surely: ReadonlySet<string>;
  readonly maybe: ReadonlySet<string>;
}

export interface DutyWatch {
  committed(key: Key, writes: readonly Write[]): void;
  /** On duty at `at` there, as far as what was decided then and committed now could know. */
  on(provider: string, at: Instant, roles?: readonly string[]): OnDuty;
  /** The same for the prime's clinicians, in whatever role they are on duty. */
  clinicians(at: Instant): OnDuty;
  /** The latest end of the person's duty there after `at`; undefined where it may have none, or there is no duty. */
  ends(person: string, provider: string, at: Instant): Instant | undefined;
}

export interface DutyWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly cases: Pick<CaseWatch, 'termsAround'>;
}

type Rota = Pick<RotaDoc, 'shifts' | 'away'>;
const EMPTY: Rota = { shifts: [], away: [] };

/** Keeps what the rota said when, and works out in its own words who was on duty. */
export function watchDuty({ time, memory, cases }: DutyWatchDeps): DutyWatch {
  const rotas: { readonly from: number; readonly rota: Rota }[] = [{ from: 0, rota: EMPTY }];
  /** Since when somebody can be reached, and since when no longer; milliseconds since 1970. */
  const reach = new Map<string, { readonly from: number; readonly reached: boolean }[]>();

  const accounts = new Set<string>();
  const works = new Map<string, boolean>();

  const since = <T extends { readonly from: number }>(all: readonly T[], ms: number): T[] => {
    const first = all.findLastIndex(({ from }) => from <= ms);
    return all.slice(Math.max(0, first));
  };

  function reachable(person: string, ms: number): { surely: boolean; maybe: boolean } {
    const states = since(reach.get(person) ?? [], ms);
    const before = (states[0]?.from ?? Number.POSITIVE_INFINITY) > ms;
    return {
      surely: !before && states.every(({ reached }) => reached),
      maybe: states.some(({ reached }) => reached),
    };
  }

  /** What could be read between `at` and now. */
  function could(at: Instant): { readonly rota: Rota; readonly terms: Agreement }[] {
    const terms = [...new Set([...cases.termsAround(Date.parse(at)), ...cases.termsAround(time.ms)])];
    return since(rotas, Date.parse(at)).flatMap(({ rota }) => terms.map((each) => ({ rota, terms: each })));
  }

  function among(
    at: Instant,
    people: (known: { readonly rota: Rota; readonly terms: Agreement }) => string[],
  ): OnDuty {
    const ms = Date.parse(at);
    const all = could(at).map((known) => new Set(people(known)));
    const maybe = new Set(all.flatMap((one) => [...one]).filter((person) => reachable(person, ms).maybe));
    const surely = [...maybe].filter(
      (person) => all.every((one) => one.has(person)) && reachable(person, ms).surely,
    );
    return { surely: new Set(surely), maybe };
  }

  return {
    committed({ caseId }, writes) {
      if (caseId === '_rota') {
        const doc = memory.inside({ pathwayId: PATHWAY, caseId }).get('rota')?.doc as RotaDoc | undefined;
        if (doc && rotas.at(-1)?.rota !== doc) rotas.push({ from: time.ms, rota: doc });
        while ((rotas[1]?.from ?? time.ms) < time.ms - KEPT_MS) rotas.shift();
      } else if (caseId === '_reach') {
        for (const write of writes) if (write.do !== 'remove') reaches(write.doc as ReachDoc);
      }
    },
    on: (provider, at, roles) =>
      among(at, ({ rota, terms }) => dutyOf(rota, terms, at, provider, roles).map(({ person }) => person)),
    clinicians: (at) =>
      among(at, ({ rota, terms }) => {
        const prime = primeOf(terms).id;
        return dutyOf(rota, terms, at, prime).flatMap(({ person }) => {
          const positions = terms.people.find(({ key }) => key === person)?.positions ?? [];
          const able = positions.some(
            (position) =>
              position.provider === prime &&
              (positionCan(terms, position, 'clinical') || positionCan(terms, position, 'clinical-lead')),
          );
          return able ? [person] : [];
        });
      }),
    ends(person, provider, at) {
      const ends = could(at).map(({ rota, terms }) => endOf(rota, terms, person, provider, at));
      return ends.includes(undefined) ? undefined : ends.sort().at(-1);
    },
  };

  /** An account says where its chat is; the conversation, whether messages arrive there. */
  function reaches({ id, reach: { conversationId }, failedAt, succeededAt }: ReachDoc): void {
    const owner = ownerOf(conversationId);
    if (!owner || !('person' in owner)) return;
    if (id.startsWith('account:')) accounts.add(conversationId);
    else works.set(conversationId, failedAt === undefined || failedAt < (succeededAt ?? ''));
    const now = accounts.has(conversationId) && works.get(conversationId) === true;
    const states = reach.get(owner.person) ?? [];
    reach.set(owner.person, states);
    if ((states.at(-1)?.reached ?? false) !== now) states.push({ from: time.ms, reached: now });
  }
}

/** Longer than anything that was decided waits for its commit. */
const KEPT_MS = 60_000;

const over = (one: { readonly from: Instant; readonly to?: Instant }, at: Instant): boolean =>
  at >= one.from && !(one.to !== undefined && at >= one.to);

function dutyOf(
  rota: Rota,
  terms: Agreement,
  at: Instant,
  provider: string,
  roles?: readonly string[],
): { readonly person: string }[] {
  const found: { person: string }[] = [];
  for (const shift of rota.shifts) {
    if (shift.provider !== provider || !(roles?.includes(shift.role) ?? true) || !over(shift, at)) continue;
    if (!has(terms, shift.person, shift)) continue;
    const person = whoFor(rota, terms, shift.person, at, []);
    if (person !== undefined) found.push({ person });
  }
  return found;
}

function whoFor(
  rota: Rota,
  terms: Agreement,
  person: string,
  at: Instant,
  before: readonly string[],
): string | undefined {
  if (before.includes(person)) return undefined;
  const away = rota.away.filter((one) => one.person === person && over(one, at)).at(-1);
  if (!away) return person;
  const { cover } = away;
  if (cover === undefined || !canCover(rota, terms, away, cover)) return undefined;
  return whoFor(rota, terms, cover, at, [...before, person]);
}

/** A cover stands in for all that the absent had in that time, or for nothing. */
const canCover = ({ shifts }: Rota, terms: Agreement, away: Away, cover: string): boolean =>
  shifts
    .filter((shift) => shift.person === away.person && has(terms, shift.person, shift))
    .filter((shift) => shift.from < away.to && (shift.to ?? '9') > away.from)
    .every((shift) => has(terms, cover, shift));

const has = (
  terms: Agreement,
  person: string,
  { provider, role }: Pick<Shift, 'provider' | 'role'>,
): boolean =>
  terms.people.some(
    ({ key, positions }) =>
      key === person && positions.some((one) => one.provider === provider && one.role === role),
  );

/** Undefined for somebody who is not on duty there, or for as long as the rota knows. */
function endOf(
  rota: Rota,
  terms: Agreement,
  person: string,
  provider: string,
  at: Instant,
): Instant | undefined {
  const here = (when: Instant): boolean =>
    dutyOf(rota, terms, when, provider).some((one) => one.person === person);
  if (!here(at)) return undefined;
  const edges = [...rota.shifts, ...rota.away].flatMap(({ from, to }) =>
    to === undefined ? [from] : [from, to],
  );
  return edges
    .filter((edge) => edge > at)
    .sort()
    .find((edge) => !here(edge));
}
