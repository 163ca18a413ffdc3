import type { PersonActor } from '../core/actors.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { acceptedBy, type Handover } from '../handovers/handover.ts';
import { CASE_HEAD, type CaseDoc, takenBy } from '../register/case.ts';
import type { Store } from '../store/store.ts';

/** How far back what somebody accepted counts among their contacts, in milliseconds. */
const BACK_MS = 28 * 24 * 60 * 60_000;
/** At most so many are asked about unless they are named. */
export const MOST_CONTACTS = 10;
/** A list is read in portions of this many. */
const PORTION = 200;

const isTheirs = (caseDoc: CaseDoc, { positions }: PersonActor): boolean =>
  caseDoc.state === 'open' &&
  caseDoc.mergedInto === undefined &&
  positions.some(({ provider }) => provider === caseDoc.holder?.provider);

async function whole<T extends Handover | CaseDoc>(
  store: Pick<Store, 'page'>,
  pathwayId: string,
  list: string,
  from: string,
): Promise<T[]> {
  const found: T[] = [];
  for (let after = from; ; ) {
    const page = await store.page<T>(pathwayId, list, { after, limit: PORTION });
    found.push(...page.map(({ doc }) => doc));
    const last = page.at(-1);
    if (!last || page.length < PORTION) return found;
    after = last.place;
  }
}

/**
 * The cases that stand for a person's contacts: Baton knows no appointments. Those that they accepted in the last four
 * weeks, newest first, and then those that they took by name; of them the first ten that their provider still holds.
 */
export async function contactsOf(
  store: Pick<Store, 'page' | 'get'>,
  pathwayId: string,
  actor: PersonActor,
  now: Instant,
): Promise<string[]> {
  const [accepted, taken] = await Promise.all([
    whole<Handover>(store, pathwayId, acceptedBy(actor.person), plusMs(now, -BACK_MS)),
    whole<CaseDoc>(store, pathwayId, takenBy(actor.person), ''),
  ]);
  const known = new Map(taken.map((caseDoc) => [caseDoc.caseId, caseDoc]));
  const found: string[] = [];
  for (const caseId of new Set([...accepted.reverse(), ...taken].map((one) => one.caseId))) {
    if (found.length === MOST_CONTACTS) break;
    const caseDoc = known.get(caseId) ?? (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc;
    if (caseDoc && isTheirs(caseDoc, actor)) found.push(caseId);
  }
  return found;
}
