import { type Counts, MISMATCH_KINDS, type MismatchKind, type PartnerCounts } from './reconciliation.ts';

/** What became of one mismatch of a case in this run. */
export interface Counted {
  readonly kind: MismatchKind;
  /** `settled`: by a person, and it says the same still. `elsewhere`: it waits, with a card of its own. */
  readonly as: 'fresh' | 'carried-over' | 'settled' | 'elsewhere';
}

interface Mutable {
  cases: number;
  mismatched: number;
  settled: number;
  fresh: number;
  carriedOver: number;
  kinds: Record<MismatchKind, number>;
}

/**
 * Counts a run: every case with one provider, and every mismatch where its case does, so that the parts add up to
 * the whole for any data.
 */
export function createTally(providers: readonly string[]) {
  const by = new Map<string, Mutable>(providers.map((provider) => [provider, nothing()]));
  return {
    count(provider: string, mismatches: readonly Counted[]): void {
      const counts = by.get(provider) ?? nothing();
      by.set(provider, counts);
      counts.cases += 1;
      const waiting = mismatches.filter(({ as }) => as !== 'settled');
      if (waiting.length > 0) counts.mismatched += 1;
      for (const { kind } of waiting) counts.kinds[kind] += 1;
      for (const { as } of mismatches) {
        if (as === 'settled') counts.settled += 1;
        if (as === 'fresh') counts.fresh += 1;
        if (as === 'carried-over') counts.carriedOver += 1;
      }
    },

    result(): { readonly partners: readonly PartnerCounts[]; readonly all: Counts } {
      const partners = [...by].map(([provider, counts]) => ({ provider, ...finished(counts) }));
      return { partners, all: sumOf(partners) };
    },
  };
}

export type Tally = ReturnType<typeof createTally>;

const noKinds = (): Record<MismatchKind, number> =>
  Object.fromEntries(MISMATCH_KINDS.map((kind) => [kind, 0])) as Record<MismatchKind, number>;
const nothing = (): Mutable => ({
  cases: 0,
  mismatched: 0,
  settled: 0,
  fresh: 0,
  carriedOver: 0,
  kinds: noKinds(),
});

const finished = (counts: Mutable): Counts => ({ ...counts, matched: counts.cases - counts.mismatched });

/** The whole of these parts. */
export function sumOf(parts: readonly Counts[]): Counts {
  const sum = nothing();
  for (const part of parts) {
    for (const field of ['cases', 'mismatched', 'settled', 'fresh', 'carriedOver'] as const) {
      sum[field] += part[field];
    }
    for (const kind of MISMATCH_KINDS) sum.kinds[kind] += part.kinds[kind];
  }
  return finished(sum);
}
