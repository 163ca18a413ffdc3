import { z } from 'zod/v4';
import { ClockName, Duration, Label, Phone, Slug } from './parts.ts';

/** The kinds of rung, in the order in which an unanswered matter climbs them. */
export const RUNG_KINDS = ['operational', 'clinical', 'contractual'] as const;
export type RungKind = (typeof RUNG_KINDS)[number];

/** Whose people a rung or a step names: the provider that is waited for, the one that holds the case, the prime. */
export const SIDES = ['receiver', 'sender', 'prime'] as const;
export type SideName = (typeof SIDES)[number];

const Rung = z
  .object({
    id: Slug,
    name: Label,
    kind: z.enum(RUNG_KINDS),
    /** Who is asked: whoever is on duty in one of these roles at that provider. */
    ask: z.object({ of: z.enum(SIDES), roles: z.array(Slug).min(1, 'name at least one role') }).strict(),
    /** So long they have, on this clock of their provider. */
    answer: z.object({ within: Duration, clock: ClockName }).strict(),
    /** Reminders so long before the end, elapsed. */
    remind: z.array(Duration).max(3, 'give at most three reminders').default([]),
    /** How often they are asked again, each time for as long, before it climbs. */
    repeats: z.number().int().min(0).max(10, 'ask again at most ten times').default(0),
    /** It begins with this other rung and runs beside it, instead of after the one before. */
    beside: Slug.optional(),
    /** Teams is no pager: the provider's paging or SMS service is called as well. */
    wake: z.boolean().default(false),
    /** For so long somebody can say "I'm on it", elapsed. */
    hold: Duration.default('30m'),
    /** What the prompt asks for. */
    says: z.string().trim().min(1, 'write what the prompt asks for').max(300, 'use at most 300 characters'),
  })
  .strict();
export type RungTerms = z.infer<typeof Rung>;

/** The one ladder of all partners: what nobody answers in time climbs it. */
export const Ladder = z
  .object({
    rungs: z.array(Rung).min(1, 'name at least one rung').max(12, 'use at most twelve rungs'),
    /** Rung by whoever holds the case when nobody on the clinical rung is on duty. */
    lastResort: z.object({ name: Label, phone: Phone }).strict(),
  })
  .strict();
export type LadderTerms = z.infer<typeof Ladder>;

/** Without a role: the one that holds the provider's cases, which has another name at each. */
const Party = z.object({ of: z.enum(SIDES), role: Slug.optional() }).strict();
export type Party = z.infer<typeof Party>;

/** A step of the pathway with who does what: exactly one is accountable. */
export const Step = z
  .object({
    step: Slug,
    name: Label,
    accountable: Party,
    responsible: z.array(Party).default([]),
    consulted: z.array(Party).default([]),
    informed: z.array(Party).default([]),
  })
  .strict();
export type StepTerms = z.infer<typeof Step>;

export const rungOf = (ladder: LadderTerms, id: string): RungTerms | undefined =>
  ladder.rungs.find((rung) => rung.id === id);

/** The rungs that follow each other, without those that run beside another. */
export const climbOf = (ladder: LadderTerms): RungTerms[] =>
  ladder.rungs.filter((rung) => rung.beside === undefined);

/** The next rung on the climb; none above the last, nor above one that runs beside. */
export function rungAbove(ladder: LadderTerms, id: string): RungTerms | undefined {
  const climb = climbOf(ladder);
  const at = climb.findIndex((rung) => rung.id === id);
  return at < 0 ? undefined : climb[at + 1];
}

/** Those that begin with this rung and run beside it. */
export const besideOf = (ladder: LadderTerms, id: string): RungTerms[] =>
  ladder.rungs.filter((rung) => rung.beside === id);

/** The rung that a matter of this kind starts at: the first of the kind on the climb, or the first above it. */
export function firstRungOf(ladder: LadderTerms, kind: RungKind): RungTerms | undefined {
  const climb = climbOf(ladder);
  const from = RUNG_KINDS.indexOf(kind);
  // A contractual rung runs beside a clinical one: a matter for it starts at the rung that it runs beside.
  const beside = ladder.rungs.find((rung) => rung.kind === kind && rung.beside !== undefined);
  return (
    climb.find((rung) => rung.kind === kind) ??
    (beside && climb.find((rung) => rung.id === beside.beside)) ??
    climb.find((rung) => RUNG_KINDS.indexOf(rung.kind) >= from) ??
    climb.at(-1)
  );
}
