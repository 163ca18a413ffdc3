import type { ActorRef } from '../core/actors.ts';
import type { Head, Key, Route, TimerDraft } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';

/**
 * Two cases that may be about one person: a partition of its own, whose head is the pair with what people decided of
 * it. No name, number or date of the person is in it.
 */

/** How sure it is, in the words of the linkage. People decide in every band. */
export type Band = 'certain' | 'likely' | 'review';

/** A decision: who, at which provider, when. */
export interface Decided {
  readonly by: ActorRef;
  readonly person: string;
  readonly at: Instant;
}

/** Where a pair stands. */
export type Standing =
  | { readonly state: 'open' }
  /** It stopped matching, or one of the two cases is none any more; it opens again when it matches again. */
  | { readonly state: 'withdrawn'; readonly at: Instant }
  | ({ readonly state: 'apart'; readonly reason: string } & Decided)
  /** Two pieces of work for one person. `linking`, `unlinking`: on its way to both cases. */
  | ({ readonly state: 'linking' | 'linked' | 'unlinking' } & Decided)
  /** One referral entered twice, if the providers that did not say so agree. */
  | ({ readonly state: 'asked'; readonly agreed: readonly Decided[] } & Merge)
  /** One referral entered twice. `merging`, `unmerging`: on its way to both cases. */
  | ({ readonly state: 'merging' | 'merged' | 'unmerging' } & Merge);
/** Somebody said that it is one referral, and the other providers are asked. */
export type Asked = Extract<Standing, { state: 'asked' }>;
export type State = Standing['state'];

/** A decision that two cases are one referral: which of them stays, with its holder. */
export interface Merge extends Decided {
  readonly keep: string;
}

export interface Pair extends Head {
  readonly kind: 'pair';
  /** `a` sorts before `b`. */
  readonly a: string;
  readonly b: string;
  readonly revision: number;
  readonly band: Band;
  /** In words; no value of a field is in them. */
  readonly reasons: readonly string[];
  /** What the records said of the person when it was suggested or decided last, as keyed hashes. */
  readonly said: { readonly a: string; readonly b: string };
  /** The providers that answer for the two cases; one where it is the same. */
  readonly providers: readonly string[];
  /** The one of them whose job it is to have it decided: the provider of the case that came later. */
  readonly owner: string;
  /** The record of one of the two cases is marked: one named role decides it, and nobody else sees it. */
  readonly marked?: true;
  readonly since: Instant;
  readonly stands: Standing;
  /** Where cards stand that ask providers to agree. */
  readonly shownTo?: readonly Route[];
  /** Why it is not one referral, by whoever was asked last and did not agree. */
  readonly declined?: Merge & { readonly reason: string };
  /** The last press, so that the same again is known as such. */
  readonly last?: { readonly verb: string; readonly person: string; readonly fromRevision: number };
}

/** The id of a pair's head document. */
export const PAIR_HEAD = 'pair';
const PREFIX = '_pair:';

/** Two ids in their order. */
export const inOrder = (one: string, other: string): readonly [string, string] =>
  one < other ? [one, other] : [other, one];
export const pairCase = (a: string, b: string): string => `${PREFIX}${inOrder(a, b).join(':')}`;
export const pairKey = (pathwayId: string, a: string, b: string): Key => ({
  pathwayId,
  caseId: pairCase(a, b),
});
export const isPair = (caseId: string): boolean => caseId.startsWith(PREFIX);
/** The cases in the name of a pair's partition or in its subject. */
export function casesOf(name: string): readonly [string, string] {
  const [a = '', b = ''] = name.replace(/^_?pair:/, '').split(':');
  return [a, b];
}
export const pairSubject = ({ a, b }: Pick<Pair, 'a' | 'b'>): string => `pair:${a}:${b}`;
/** Of these providers, those that have not said yet that the two are one referral. */
export function leftToAsk(asked: Asked, providers: readonly string[]): readonly string[] {
  const said = [asked, ...asked.agreed].map(({ by }) => ('provider' in by ? by.provider : undefined));
  return providers.filter((provider) => !said.includes(provider));
}

/** The timer that carries what was decided of a pair to both its cases. */
export const carryTimer = (pair: Pick<Pair, 'a' | 'b'>, due: Instant | null): TimerDraft => ({
  subject: pairSubject(pair),
  fires: 'duplicates.carry',
  due,
});

/** The list of all pairs of a case, decided or not. */
export const pairsOf = (caseId: string): string => `pairs.of@${caseId}`;

/** Has nobody decided it yet? */
export const isOpen = ({ stands }: Pick<Pair, 'stands'>): boolean => stands.state === 'open';
/** Does it wait for people: to decide, or to agree? */
export const waits = (pair: Pick<Pair, 'stands'>): boolean => isOpen(pair) || pair.stands.state === 'asked';
/** Of two cases of which one stays, the other one. */
export const lostOf = ({ a, b }: Pick<Pair, 'a' | 'b'>, keep: string): string => (keep === a ? b : a);

/** The list of the pairs that one named role is to decide, and of which no other list tells. */
export const MARKED_LIST = 'duplicates.marked';

/** The list of the pairs that one provider is asked to agree about. */
export const askedOf = (provider: string): string => `duplicates.asked@${provider}`;

/**
 * The pair with its places: of both its cases always; while people are to decide, `duplicates`, by each provider that
 * may decide (`@hospice`), by the one whose job it is (`.of@hospice`; those of every owner add up to all) and by each
 * that is asked to agree; of a marked record `duplicates.marked` instead of these.
 */
export function listed(pair: Pair): Pair {
  const { a, b, since, providers, owner, marked, stands } = pair;
  const place = `${since}|${a}:${b}`;
  const lists: Record<string, string> = {
    chains: pairCase(a, b),
    [pairsOf(a)]: place,
    [pairsOf(b)]: place,
  };
  if (waits(pair) && marked) lists[MARKED_LIST] = place;
  else if (waits(pair)) {
    lists.duplicates = place;
    for (const provider of providers) lists[`duplicates@${provider}`] = place;
    lists[`duplicates.of@${owner}`] = place;
    const asked = stands.state === 'asked' ? leftToAsk(stands, providers) : [];
    for (const provider of asked) lists[askedOf(provider)] = place;
  }
  return { ...pair, lists };
}
