import { actorRef } from '../core/actors.ts';
import type { Change, EventDraft, Route } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem } from '../core/errors.ts';
import { textProblem } from '../core/text.ts';
import { lookFor } from '../register/case.ts';
import { type Facts, positionsFor, unknownPair } from './facts.ts';
import {
  type Asked,
  type Band,
  carryTimer,
  isOpen,
  leftToAsk,
  listed,
  type Pair,
  pairSubject,
  type Standing,
} from './pair.ts';

/** What the linkage found of two cases, and who answers for them. */
export interface Found {
  readonly a: string;
  readonly b: string;
  readonly band: Band;
  readonly reasons: readonly string[];
  readonly said: Pair['said'];
  readonly providers: readonly string[];
  readonly owner: string;
  readonly marked: boolean;
}

/** What a rule answers when it does not refuse. */
export type Verdict =
  | { readonly kind: 'change'; readonly change: Change; readonly pair: Pair }
  /** The same press again: it has been done, and nothing changes. */
  | { readonly kind: 'done' }
  /** The card that was pressed is older than the pair: show how it stands now. */
  | { readonly kind: 'moved' };

const sameSaid = (one: Pair['said'], other: Pair['said']): boolean => one.a === other.a && one.b === other.b;

/**
 * Two cases were found to be about one person, maybe. A pair that people decided comes back only when the records say
 * something else of the person than they did then, one that stopped matching at once. Undefined when nothing changes.
 */
export function suggest(found: Found, before: Pair | undefined, now: Instant): Change | undefined {
  const { a, b, band, reasons, said, providers, owner } = found;
  const marked = found.marked ? ({ marked: true } as const) : {};
  const event = (type: string): EventDraft => ({
    type,
    by: { system: 'linkage' },
    data: { cases: [a, b], band, providers, owner },
  });
  if (!before) {
    const pair: Pair = {
      id: 'pair',
      kind: 'pair',
      schema: 1,
      audit: { seq: 0, hash: '' },
      ...{ a, b, band, reasons, said, providers, owner },
      ...marked,
      revision: 1,
      since: now,
      stands: { state: 'open' },
    };
    return { documents: [listed(pair)], events: [event('pair.suggested')] };
  }
  const { marked: _, ...unmarked } = before;
  const revision = before.revision + 1;
  const next = { ...unmarked, ...marked, band, reasons, said, providers, owner, revision };
  const { state } = before.stands;
  if (state === 'apart' || state === 'withdrawn') {
    if (state === 'apart' && sameSaid(before.said, said)) return undefined;
    const again: Pair = { ...next, since: now, stands: { state: 'open' } };
    return { documents: [listed(again)], events: [event('pair.suggested-again')] };
  }
  if (state === 'asked') return movedWhileAsked(next, before, before.stands, event, now);
  const same =
    sameSaid(before.said, said) &&
    before.band === band &&
    before.reasons.join() === reasons.join() &&
    before.providers.join() === providers.join() &&
    before.owner === owner &&
    (before.marked === true) === found.marked;
  if (same || !isOpen(before)) return undefined;
  // What others were told of it ends.
  const moves = found.marked && before.marked !== true;
  const timers = moves ? [lookFor('pair', now)] : [];
  return { documents: [listed(next)], events: [event('pair.looked-at')], timers };
}

/**
 * While providers are asked to agree: one that answers for a case now is asked as well, and it is made one where nobody
 * is left to ask; where a record is marked now, nobody is asked any more but the role that is named for it.
 */
function movedWhileAsked(
  next: Pair,
  before: Pair,
  asked: Asked,
  event: (type: string) => EventDraft,
  now: Instant,
): Change | undefined {
  const marked = next.marked === true && before.marked !== true;
  if (!marked && next.providers.join() === before.providers.join()) return undefined;
  const known = before.shownTo ?? [];
  const fresh = marked ? [] : next.providers.filter((one) => !before.providers.includes(one));
  const shownTo: Route[] = [...known, ...fresh.map((provider): Route => ({ to: 'channel', provider }))];
  const agreed = !marked && leftToAsk(asked, next.providers).length === 0;
  const { agreed: _, ...said } = asked;
  const stands: Standing = marked ? { state: 'open' } : agreed ? { ...said, state: 'merging' } : asked;
  const pair: Pair = { ...next, shownTo, stands };
  const isOver = { ...(agreed && { isOver: true as const }) };
  return {
    documents: [listed(pair)],
    events: [event('pair.looked-at')],
    notices: shownTo.map((route) => ({ form: 'show', subject: pairSubject(pair), route, ...isOver })),
    timers: [...(agreed ? [carryTimer(pair, now)] : []), ...(marked ? [lookFor('pair', now)] : [])],
  };
}

/** The two do not match any more, or one of them is no case any more: nobody is asked. Undefined where nobody is. */
export function withdraw(pair: Pair | undefined, now: Instant): Change | undefined {
  if (!pair || !isOpen(pair)) return undefined;
  const { a, b, revision } = pair;
  const gone = listed({ ...pair, revision: revision + 1, stands: { state: 'withdrawn', at: now } });
  const event: EventDraft = { type: 'pair.withdrawn', by: { system: 'linkage' }, data: { cases: [a, b] } };
  // Others of the same cases may have their place now.
  return { documents: [gone], events: [event], timers: [lookFor('pair', now)] };
}

/** A press about a pair: from which revision of it. */
export interface Press {
  readonly revision: number;
}

/** Was exactly this press taken already, or is its card old? Undefined when the pair is as the card says. */
export function early({ pair, actor }: Facts, verb: string, { revision }: Press): Verdict | undefined {
  const { last } = pair;
  if (last?.verb === verb && last.person === actor.person && last.fromRevision === revision) {
    return { kind: 'done' };
  }
  return pair.revision === revision ? undefined : { kind: 'moved' };
}

/** The pair in its new standing, with the event that says so. */
export function decided(
  facts: Facts,
  verb: string,
  { revision }: Press,
  stands: Standing,
  event: EventDraft,
  more: Change = {},
): Verdict {
  const { pair, actor } = facts;
  const next = listed({
    ...pair,
    revision: pair.revision + 1,
    stands,
    last: { verb, person: actor.person, fromRevision: revision },
  });
  const change = {
    ...more,
    documents: [next, ...(more.documents ?? [])],
    events: [event],
    // What had no place among the surest of these cases may have one now.
    timers: [...(more.timers ?? []), lookFor('pair', facts.now)],
  };
  return { kind: 'change', change, pair: next };
}

/** Two people, not one. Errors: `Refused` for whoever may not decide; `Invalid` without a reason. */
export function apart(facts: Facts, press: Press & { readonly reason?: string | undefined }): Verdict {
  const [position] = positionsFor('duplicate.decide', facts.actor, facts, facts.today);
  if (!position) throw unknownPair();
  const stale = early(facts, 'apart', press);
  if (stale) return stale;
  if (!isOpen(facts.pair)) return { kind: 'moved' };
  const problems: Problem[] = [];
  const problem = textProblem(press.reason ?? '', 'Write why these are two people.');
  if (problem !== undefined) problems.push({ field: 'reason', message: problem });
  if (problems.length > 0) throw new Invalid('Please say why.', problems);
  const by = actorRef(facts.actor, position);
  const { a, b } = facts.pair;
  const stands: Standing = {
    state: 'apart',
    reason: (press.reason ?? '').trim(),
    by,
    person: facts.actor.person,
    at: facts.now,
  };
  return decided(facts, 'apart', press, stands, { type: 'pair.apart', by, data: { cases: [a, b] } });
}
