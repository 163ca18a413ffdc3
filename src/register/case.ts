import { z } from 'zod/v4';
import { type Agreement, partnerName, roleOf, staffName } from '../agreement/agreement.ts';
import type { ListState } from '../agreement/lists.ts';
import type { ActorRef } from '../core/actors.ts';
import {
  type Change,
  type EventDraft,
  type Head,
  mergeChanges,
  type Route,
  type TimerDraft,
} from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { MARKS, type Mark, markOf } from '../core/marks.ts';
import { initials, optionalText } from '../core/text.ts';

/** Whom a case is about, as far as it is known. */
export const Person = z
  .object({
    given: optionalText(100),
    surname: optionalText(100),
    dob: z.iso.date('write a date such as 1948-03-07').optional(),
    nhsNumber: optionalText(20),
    address: optionalText(300),
    postcode: optionalText(10),
    phone: optionalText(40),
    safeContact: optionalText(500),
    language: optionalText(100),
    communication: optionalText(500),
    marked: z
      .enum(MARKS)
      .optional()
      .describe(
        'A record that is restricted, or of somebody whose identity was changed. Absent: not marked.',
      ),
  })
  .strict();
export type Person = z.infer<typeof Person>;

/** Who holds a case: a provider and a role, and a person if one took it by name. */
export interface Holder {
  readonly provider: string;
  readonly role: string;
  readonly person?: string;
}

/** Where an offer of a case to a provider stands. */
export type OfferState = 'offered' | 'information-requested' | 'accepted' | 'rejected' | 'withdrawn';

/** The head of a case: who holds it, whom it is about, and what is open. Every commit replaces it. */
export interface CaseDoc extends Head {
  readonly kind: 'case';
  readonly caseId: string;
  readonly state: 'open' | 'closed';
  /** Absent only where a partner's list brought the case and names nobody: then it is `unowned`. */
  readonly holder?: Holder;
  /** Kept after somebody has taken it, for its cards. */
  readonly unowned?: Unowned;
  /** What each partner's own list says of it. */
  readonly listed?: Readonly<Record<string, OnList>>;
  /** The case that is the same referral as this one, by the decision of people: this one then counts as none. */
  readonly mergedInto?: string;
  readonly mergedAt?: Instant;
  /** Cases that are the same referral as this one, and count with it. */
  readonly mergedFrom?: readonly string[];
  /** Cases that are other work for the same person, by the decision of people. */
  readonly linkedWith?: readonly string[];
  readonly person: Person;
  /** How the record is marked. It stays so when later tellings are silent about it. */
  readonly marked?: Mark;
  /** Of somebody whose identity was changed: kept out of everything that is shown. */
  readonly earlierNames?: readonly string[];
  /** Of a case that counts with that of somebody whose identity was changed: what it said before, should that be undone. */
  readonly beforeMerge?: Pick<CaseDoc, 'person' | 'marked' | 'earlierNames'>;
  /** The partner's own id for this case, by partner. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  /** When what says who the person is was last told or changed: name, birth date, NHS number, postcode. */
  readonly identityAt?: Instant;
  /** Since when this holder has it, or nobody; unknown of some older cases. */
  readonly heldSince?: Instant;
  /** Handovers of the case, oldest first: id, who to whom, where it stands. */
  readonly handovers: readonly {
    readonly id: string;
    readonly from: string;
    readonly to: string;
    readonly state: OfferState;
    readonly need: string;
    /** Which claim made it, so that the same request again finds it. */
    readonly claim: string;
  }[];
}

/** A case with somebody who holds it: what every rule about a handover asks for. */
export type HeldCase = CaseDoc & { readonly holder: Holder };

/** That an import brought it without a holder, and whether somebody has taken it since. */
export interface Unowned {
  /** The provider whose list brought it, and which list. */
  readonly provider: string;
  readonly list: string;
  readonly asOf: Instant;
  readonly since: Instant;
  /** By when somebody is to have taken it. */
  readonly needBy: Instant;
  readonly agreementVersion: number;
  /** Alerted and climbing by itself, or as one with the others of its list. */
  readonly climbs: 'alone' | 'with-its-list';
  readonly revision: number;
  /** Where its card stands. */
  readonly shownTo: readonly Route[];
  readonly taken?: { readonly by: ActorRef; readonly at: Instant };
}

/** A line of a partner's list as it was last imported: dates are local days. */
export interface OnList {
  /** The provider's own id there. */
  readonly id: string;
  /** The newest list that had it. */
  readonly list: string;
  readonly asOf: Instant;
  readonly status: ListState;
  /** The provider that holds the case by this list; absent where nobody does. */
  readonly holder?: string;
  readonly received?: string;
  readonly firstContact?: string;
  readonly discharged?: string;
  readonly outcome?: string;
  readonly nextReview?: string;
  readonly marked?: Mark;
  /** Fields of the person on which this list and the register say different things. */
  readonly differs?: readonly string[];
}

/** The id of a case's head document. */
export const CASE_HEAD = 'case';
/** What a case without a holder climbs as; there is one in a case. */
export const UNOWNED_SUBJECT = 'unowned:case';

/** The list of the cases that a person holds by name. */
export const takenBy = (person: string): string => `cases.taken@${person}`;

/**
 * The case with its places: every chain of events, whose case it is or that it is nobody's, which list named it last.
 * One that was merged into another counts with that one, and is on nobody's list of cases.
 */
export function caseListed(caseDoc: CaseDoc): CaseDoc {
  const { caseId, holder, unowned, listed = {}, createdAt, identityAt = createdAt, mergedInto } = caseDoc;
  const lists: Record<string, string> = { chains: caseId, identity: `${identityAt}|${caseId}` };
  if (mergedInto !== undefined) lists.merged = caseId;
  else if (holder) {
    lists[`cases@${holder.provider}`] = caseId;
    if (holder.person !== undefined) lists[takenBy(holder.person)] = caseId;
  } else if (unowned) {
    lists.unowned = `${createdAt}|${caseId}`;
    lists[`unowned@${unowned.provider}`] = `${createdAt}|${caseId}`;
    if (unowned.climbs === 'with-its-list') {
      lists[`unowned.of@${unowned.provider}`] = `${unowned.list}|${caseId}`;
    }
  }
  for (const [provider, { list }] of Object.entries(listed))
    lists[`listed@${provider}`] = `${list}|${caseId}`;
  const marked = markOf(caseDoc);
  return { ...caseDoc, ...(marked && { marked }), lists };
}

const IDENTITY = ['given', 'surname', 'dob', 'nhsNumber', 'postcode'] as const;

/** What says who the person of a case is, as it was told. */
export const identityOf = ({ person }: Pick<CaseDoc, 'person'>): readonly string[] =>
  IDENTITY.map((field) => person[field] ?? '');

/** The provider that answers for a case: its holder, or while nobody holds it the one whose list brought it. */
export const keeperOf = ({ holder, unowned }: Pick<CaseDoc, 'holder' | 'unowned'>): string | undefined =>
  holder?.provider ?? unowned?.provider;

/** The timer that has a case, what a list brought, or both cases of a pair looked at for others of the same person. */
export const lookFor = (what: 'case' | 'list' | 'pair', due: Instant | null): TimerDraft => ({
  subject: `duplicates:${what}`,
  fires: 'duplicates.look',
  due,
});

/** What the timer is about that has the handovers of a case read as they would now; there is one in a case. */
export const RENAMED_SUBJECT = 'renamed';

/** The timer for a case whose person goes by no earlier name any more; none where that is as it was. */
export function renamed(before: CaseDoc | undefined, after: CaseDoc, now: Instant): TimerDraft[] {
  const names = (caseDoc: CaseDoc | undefined): string => caseDoc?.earlierNames?.join('\n') ?? '';
  if (after.handovers.length === 0 || names(before) === names(after)) return [];
  return [{ subject: RENAMED_SUBJECT, fires: 'handover.renamed', due: now }];
}

/** What the errand is about that follows whenever somebody takes a case on; there is one in a case. */
export const WORKED_SUBJECT = 'worked';
export const workedTimer = (due: Instant | null): TimerDraft => ({
  subject: WORKED_SUBJECT,
  fires: 'concerns.accepted',
  due,
});
/** The errand after somebody took a case on, where something was agreed about concerns; always, or it would tell of one. */
export const worked = ({ safeguarding }: Agreement, now: Instant): TimerDraft[] =>
  safeguarding ? [workedTimer(now)] : [];

/** Can it be suggested as a duplicate? Not when it is closed or counts with another. */
export const isCandidate = ({ state, mergedInto }: Pick<CaseDoc, 'state' | 'mergedInto'>): boolean =>
  state === 'open' && mergedInto === undefined;

/**
 * A change of a case together with what it means for finding duplicates: where it tells who the person is anew, marks
 * the record, moves the case to another provider, or takes it out of what may be suggested, the case is looked at.
 */
export function identified(before: CaseDoc | undefined, change: Change, now: Instant): Change {
  const after = change.documents?.find((doc) => doc.id === CASE_HEAD) as CaseDoc | undefined;
  if (!after) return change;
  const told = !before || identityOf(before).join('\n') !== identityOf(after).join('\n');
  const moved = before !== undefined && keeperOf(before) !== keeperOf(after);
  const marked = markOf(after);
  const marks = marked !== undefined && marked !== (before && markOf(before));
  const turned = before !== undefined && isCandidate(before) !== isCandidate(after);
  if (!told && !moved && !marks && !turned) return change;
  const documents = told ? [caseListed({ ...after, identityAt: now })] : [];
  const events = marks ? [markedEvent(marked, change.events?.[0]?.by ?? { system: 'register' })] : [];
  const timers = [lookFor('case', now), ...renamed(before, after, now)];
  return mergeChanges(change, { documents, events, timers });
}

/** That a record was marked, and as what. */
export const markedEvent = (marked: Mark, by: ActorRef): EventDraft => ({
  type: 'case.marked',
  by,
  data: { marked },
});

/** The same words for a case that is not there and for one that is somebody else's. */
export const unknownCase = () =>
  new Refused('unknown-case', 'There is no such case on this pathway that you may open. Check the number.');

/** Where to go on with what is the same referral as another case. */
export const mergedText = (mergedInto: string): string =>
  `This is the same referral as case ${mergedInto}. Go on there: /case ${mergedInto}`;

/**
 * The case, where it counts as one of its own. Errors: `Refused` `merged` for one that was merged into another: nothing
 * is done on it any more.
 */
export function ownCase<C extends Pick<CaseDoc, 'mergedInto'>>(caseDoc: C): C {
  const { mergedInto } = caseDoc;
  if (mergedInto === undefined) return caseDoc;
  throw new Refused('merged', mergedText(mergedInto));
}

/** The case, where somebody holds it. Errors: `Refused` `unowned`, with how to take it. */
export function heldCase(caseDoc: CaseDoc): HeldCase {
  if (isHeld(caseDoc)) return caseDoc;
  throw new Refused('unowned', `Nobody holds this case. Take it first: /take ${caseDoc.caseId}`);
}

export const isHeld = (caseDoc: CaseDoc): caseDoc is HeldCase => caseDoc.holder !== undefined;

/** `7K2-04 · J.S.`; the register id alone where the partners turned initials off, or there is no name. */
export function caseLabel(caseId: string, person: Person, terms: Agreement): string {
  const letters = terms.initialsOnCards ? initials(named(person.given), named(person.surname)) : '';
  return letters ? `${caseId} · ${letters}` : caseId;
}

/** A name from its first letter on: what comes before could turn the line around it. */
const named = (name: string | undefined): string | undefined => name?.replace(/^[^\p{L}\p{N}]+/u, '');

/** `Held by Northside (coordinator)`, with the person if one took it by name; that nobody holds it otherwise. */
export function heldBy(holder: Holder | undefined, terms: Agreement): string {
  if (!holder) return 'Nobody holds this case';
  const role = roleOf(terms, holder.role)?.name.toLocaleLowerCase('en-GB');
  const person = holder.person && staffName(holder.person, terms);
  const who = [person, role].filter((word) => word !== undefined).join(', ');
  return `Held by ${partnerName(terms, holder.provider)}${who ? ` (${who})` : ''}`;
}

/** `Northside Trust N-104, Harbour A17`: the partners' own ids of a case, for those entitled; empty where none is known. */
export function ownNumbers({ aliases }: Pick<CaseDoc, 'aliases'>, terms: Agreement): string {
  return Object.entries(aliases)
    .map(([partner, id]) => `${partnerName(terms, partner)} ${id}`)
    .join(', ');
}
