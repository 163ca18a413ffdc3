/** A stretch of real time, in milliseconds since 1970; its end does not belong to it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const overlap = (a: Span, b: Span): Span | undefined => {
  const span = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
  return span.from < span.to ? span : undefined;
};

/** What is left of the spans outside the others. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  return others.reduce<Span[]>(
    (left, other) =>
      left.flatMap((span) => {
        const cut = overlap(span, other);
        if (!cut) return [span];
        return [
          { from: span.from, to: cut.from },
          { from: cut.to, to: span.to },
        ].filter(({ from, to }) => from < to);
      }),
    [...spans],
  );
}
