import { type Agreement, peopleWho, primeOf } from '../agreement/agreement.ts';
import type { Change, NoticeDraft, TimerDraft } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { asAgreed } from './absence.ts';
import type { Changed } from './entry.ts';
import { AHEAD_MS, ladderGaps } from './gaps.ts';
import { type Gap, gapName, nextBoundary, ROTA_CASE, ROTA_HEAD, type Rota, type RotaDoc } from './rota.ts';

/** What is over stays in the head for so long, in milliseconds; the chain of events keeps it for good. */
const KEPT_MS = 14 * 24 * 60 * 60_000;
/** A gap may be one step of entering a rota: it is told after so long, in milliseconds … */
const SETTLING_MS = 10 * 60_000;
/** … unless it begins within this. */
const SOON_MS = 60 * 60_000;

/** The subject of the timer `rota.changed`, and of the one that looks ahead. */
export const CHANGED_SUBJECT = 'rota';
const WATCH_SUBJECT = 'rota:watch';
/** What people are told about their duty, and of gaps: the two differ in who else is told. */
export const DUTY_SUBJECT = 'rota:duty';
export const GAP_SUBJECT = 'rota:gap';

/** What the upkeep of a rota looks at. */
export interface Standing {
  readonly rota: RotaDoc;
  readonly terms: Agreement;
  readonly reached: (person: string) => boolean;
  readonly now: Instant;
}

/** A rota before anything was entered. */
export const newRota = (): RotaDoc => ({
  id: ROTA_HEAD,
  kind: 'rota',
  schema: 1,
  lists: { chains: ROTA_CASE },
  audit: { seq: 0, hash: '' },
  revision: 0,
  shifts: [],
  away: [],
  imported: [],
  told: [],
});

/** The commit of a change: the new head, what happened, who is told, and the timers that follow it. */
export function changeOf({ rota, terms, reached, now }: Standing, changed: Changed): Change {
  const next = pruned(
    {
      ...rota,
      revision: rota.revision + 1,
      shifts: changed.shifts,
      away: changed.away,
      imported: changed.imported ?? rota.imported,
    },
    now,
  );
  const tells = changed.told.map(
    ({ person, line, refs }): NoticeDraft => ({
      form: 'tell',
      subject: DUTY_SUBJECT,
      route: { to: 'person', person },
      line,
      refs,
    }),
  );
  return {
    documents: [next],
    events: changed.events,
    notices: tells,
    timers: [
      { subject: CHANGED_SUBJECT, fires: 'rota.changed', due: now },
      watchTimer({ rota: next, terms, reached, now }),
    ],
  };
}

/** The look ahead: every coming gap that was not told yet is told, once, and what is long over is forgotten. */
export function watched({ rota, terms, reached, now }: Standing): Change {
  const gaps = ladderGaps(asAgreed(rota, terms), terms, now, reached);
  const fresh = gaps.filter((gap) => !rota.told.includes(gapName(gap)));
  const next = pruned({ ...rota, told: gaps.map(gapName) }, now);
  return {
    documents: [next],
    events: fresh.map((gap) => ({
      type: 'rota.gap-told',
      by: { system: 'timer' },
      data: { ...gap, roles: [...gap.roles] },
    })),
    notices: fresh.flatMap((gap) => gapTells(gap, terms)),
    timers: [watchTimer({ rota: next, terms, reached, now })],
  };
}

/** The prime's clinical leads and the provider's coordinators; the channel of the prime where there is neither. */
function gapTells(gap: Gap, terms: Agreement): NoticeDraft[] {
  const leads = peopleWho(terms, primeOf(terms).id, 'clinical-lead');
  const people = [...new Set([...leads, ...peopleWho(terms, gap.provider, 'coordinate')])];
  const { provider, roles, from, to } = gap;
  const refs = { provider, roles: roles.join(','), from, ...(to !== undefined && { to }) };
  return people.map((person) => ({
    form: 'tell',
    subject: GAP_SUBJECT,
    route: { to: 'person', person },
    line: 'rota.gap',
    refs,
  }));
}

/** When to look next: at a gap that is not told, a day before anything begins or ends, or to forget something. */
function watchTimer({ rota, terms, reached, now }: Standing): TimerDraft {
  const agreed = asAgreed(rota, terms);
  const untold = ladderGaps(agreed, terms, now, reached).filter((gap) => !rota.told.includes(gapName(gap)));
  const instants = [
    ...untold.map(({ from }) => (from <= plusMs(now, SOON_MS) ? now : plusMs(now, SETTLING_MS))),
    ...boundaries(agreed).flatMap((when) => {
      const before = plusMs(when, -AHEAD_MS);
      return before > now ? [before] : [];
    }),
    ...[...rota.shifts, ...rota.away].flatMap(({ to }) => (to === undefined ? [] : [plusMs(to, KEPT_MS)])),
  ];
  const due = instants.reduce<Instant | undefined>(
    (first, one) => (first === undefined || one < first ? one : first),
    undefined,
  );
  return { subject: WATCH_SUBJECT, fires: 'rota.watch', due: due ?? null };
}

/** The rota changes by the clock as well: whenever somebody's duty or absence begins or ends. */
export const nextChange = (rota: Rota, now: Instant): TimerDraft => ({
  subject: CHANGED_SUBJECT,
  fires: 'rota.changed',
  due: nextBoundary(rota, now) ?? null,
});

const boundaries = ({ shifts, away }: Rota): Instant[] =>
  [...shifts, ...away].flatMap(({ from, to }) => (to === undefined ? [from] : [from, to]));

function pruned(rota: RotaDoc, now: Instant): RotaDoc {
  const oldest = plusMs(now, -KEPT_MS);
  const recent = ({ to }: { readonly to?: Instant }): boolean => to === undefined || to > oldest;
  return {
    ...rota,
    shifts: rota.shifts.filter(recent),
    away: rota.away.filter(recent),
    imported: rota.imported.filter(recent),
  };
}
