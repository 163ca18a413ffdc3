import { type Agreement, type AgreementInForce, providerOf } from '../agreement/agreement.ts';
import { calendarOf } from '../agreement/calendar.ts';
import { same } from '../agreement/same.ts';
import type { ActorRef } from '../core/actors.ts';
import type { Change } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { markOf, strongest } from '../core/marks.ts';
import { normaliseNhsNumber } from '../core/nhs-number.ts';
import { answerDue, clockRuns } from '../core/working-time.ts';
import {
  CASE_HEAD,
  type CaseDoc,
  caseListed,
  lookFor,
  markedEvent,
  type OnList,
  type Person,
  renamed,
  UNOWNED_SUBJECT,
  type Unowned,
} from './case.ts';
import type { Line } from './line.ts';
import type { ListRef } from './list.ts';
import { isChanged, isIdentifying, told } from './person.ts';

/** What it takes to enter a line: which list it is of, what is agreed, and how what nobody holds is alerted. */
export interface Entering {
  readonly provider: string;
  readonly list: ListRef;
  readonly agreement: AgreementInForce;
  readonly by: ActorRef;
  readonly climbs: Unowned['climbs'];
  readonly now: Instant;
}

/** What a line means for the register. */
export interface Entered {
  readonly kind: 'new' | 'updated' | 'same';
  readonly caseDoc: CaseDoc;
  readonly change?: Change;
}

/** By when somebody is to have taken a case that came now on this provider's list. */
export function takeBy(terms: Agreement, provider: string, now: Instant): Instant {
  const { within, clock } = terms.register.unowned;
  const calendar = calendarOf(terms, provider);
  return answerDue(
    now,
    within,
    clock,
    clockRuns(clock, calendar) ? calendar : { ...calendar, hours: undefined },
  );
}

/** A line whose case the register does not have yet: the case, held by whom the list says, or by nobody and alerted. */
export function newCase(entering: Entering, line: Line, caseId: string): Entered {
  const { provider, list, agreement, by, climbs, now } = entering;
  const { terms, version } = agreement;
  const closed = line.status === 'closed';
  // What is closed asks nobody to take it: it stays with whoever has it on the list.
  const holdsIt = line.holder ?? (closed ? provider : undefined);
  const holder = holdsIt === undefined ? undefined : providerOf(terms, holdsIt);
  const unowned = (): Unowned => ({
    provider,
    list: list.id,
    asOf: list.asOf,
    since: now,
    needBy: takeBy(terms, provider, now),
    agreementVersion: version,
    climbs,
    revision: 1,
    shownTo: climbs === 'alone' ? [{ to: 'channel', provider }] : [],
  });
  const caseDoc = caseListed({
    id: CASE_HEAD,
    kind: 'case',
    schema: 1,
    audit: { seq: 0, hash: '' },
    caseId,
    state: closed ? 'closed' : 'open',
    ...(holder ? { holder: { provider: holder.id, role: holder.holdsAs } } : { unowned: unowned() }),
    listed: { [provider]: onList(line, list, line.person) },
    person: line.person,
    ...(line.marked && { marked: line.marked }),
    aliases: { [provider]: line.id },
    createdAt: now,
    identityAt: now,
    // Its list knew so before Baton did.
    heldSince: list.asOf,
    handovers: [],
  });
  const data = {
    provider,
    list: list.id,
    asOf: list.asOf,
    status: line.status,
    agreement: version,
    ...(!holder && climbs === 'alone' && { unowned: 'case' }),
    holder: holder ? `${holder.id}/${holder.holdsAs}` : null,
  };
  return {
    kind: 'new',
    caseDoc,
    change: {
      documents: [caseDoc],
      events: [{ type: 'case.imported', by, data }, ...(line.marked ? [markedEvent(line.marked, by)] : [])],
      notices: (caseDoc.unowned?.shownTo ?? []).map((route) => ({
        form: 'show',
        subject: UNOWNED_SUBJECT,
        route,
      })),
    },
  };
}

/**
 * A line whose case the register has: what the list says is brought up to date, and what was not known of the person
 * is added. Who holds the case, and what is known, stay: differences are for people to decide. Of somebody whose
 * identity was changed only a list that says so tells who they are now.
 */
export function knownCase({ provider, list, by, now: at }: Entering, line: Line, before: CaseDoc): Entered {
  const stands = before.listed?.[provider];
  // A newer list was in before this one was through.
  if (stands && stands.list > list.id) return { kind: 'same', caseDoc: before };
  const anew = tellsAnew(before, provider, line);
  const may = anew || !isChanged(before) ? () => true : (field: string) => !isIdentifying(field);
  const lines = Object.entries(line.person).filter(([field]) => may(field));
  const added = lines.filter(([field, value]) =>
    anew
      ? !alike(field, value, before.person[field as keyof Person])
      : before.person[field as keyof Person] === undefined,
  );
  const marked = strongest(markOf(before), line.marked);
  const now = anew ? told(before, asTold(before, line)) : { person: before.person };
  const person: Person = { ...now.person, ...Object.fromEntries(added) };
  // What a list has said once it has said, also when a later one is silent.
  const said = strongest(stands?.marked, line.marked);
  const next = onList(
    { ...line, person: Object.fromEntries(lines), ...(said && { marked: said }) },
    list,
    person,
  );
  const alias = before.aliases[provider] ?? line.id;
  const marks = marked !== markOf(before) ? marked : undefined;
  const unchanged = added.length === 0 && marks === undefined && same(stands, next);
  if (unchanged) return { kind: 'same', caseDoc: before };
  const caseDoc = caseListed({
    ...before,
    ...now,
    person,
    ...(marked && { marked }),
    ...((added.length > 0 || marks) && { identityAt: at }),
    aliases: { ...before.aliases, [provider]: alias },
    listed: { ...before.listed, [provider]: next },
  });
  const data = {
    provider,
    list: list.id,
    asOf: list.asOf,
    status: line.status,
    holder: line.holder ?? null,
    added: added.map(([field]) => field),
    differs: [...(next.differs ?? [])],
  };
  return {
    kind: 'updated',
    caseDoc,
    change: {
      documents: [caseDoc],
      events: [{ type: 'case.listed', by, data }, ...(marks ? [markedEvent(marks, by)] : [])],
      // Its pairs are not to wait until the whole list is in.
      timers: [...(marks ? [lookFor('case', at)] : []), ...renamed(before, caseDoc, at)],
    },
  };
}

/**
 * Does this line say who somebody is since their identity was changed? The first to say so does, and the same provider
 * later while no other says so too.
 */
function tellsAnew(before: CaseDoc, provider: string, { marked }: Line): boolean {
  if (marked !== 'changed-identity') return false;
  if (!isChanged(before)) return true;
  const saying = Object.entries(before.listed ?? {}).filter(([, line]) => line.marked === 'changed-identity');
  return saying.length > 0 && saying.every(([of]) => of === provider);
}

/** The person as this line has them; a name that it leaves out would be half of the earlier one. */
function asTold({ person: { given, surname, ...before } }: CaseDoc, { person, marked }: Line): Person {
  const names = person.given ?? person.surname;
  return {
    ...before,
    ...(names === undefined && { given, surname }),
    ...person,
    ...(marked && { marked }),
  } as Person;
}

function onList(
  { id, status, holder, received, firstContact, discharged, outcome, nextReview, marked, person }: Line,
  list: ListRef,
  known: Person,
): OnList {
  const differs = Object.entries(person)
    .filter(([field, said]) => !alike(field, said, known[field as keyof Person]))
    .map(([field]) => field);
  return {
    id,
    list: list.id,
    asOf: list.asOf,
    status,
    ...(holder !== undefined && { holder }),
    ...(received !== undefined && { received }),
    ...(firstContact !== undefined && { firstContact }),
    ...(discharged !== undefined && { discharged }),
    ...(outcome !== undefined && { outcome }),
    ...(nextReview !== undefined && { nextReview }),
    ...(marked !== undefined && { marked }),
    ...(differs.length > 0 && { differs }),
  };
}

/** Two ways to write the same are no difference. */
function alike(field: string, said: string | undefined, known: string | undefined): boolean {
  const plain = (text = ''): string =>
    field === 'nhsNumber' ? normaliseNhsNumber(text) : text.replace(/\s+/g, '').toLowerCase();
  return plain(said) === plain(known);
}
