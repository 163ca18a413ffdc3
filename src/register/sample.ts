/**
 * A part of what comes by, spread evenly over all of it: all of the first `most`, then every second, every fourth and
 * so on, so that it never holds more. Nothing is left to chance: the same list gives the same sample.
 */
export function createSample<T>(most: number) {
  let kept: T[] = [];
  let step = 1;
  let seen = 0;
  return {
    add(one: T): void {
      if (seen++ % step !== 0) return;
      kept.push(one);
      if (kept.length <= most) return;
      kept = kept.filter((_, at) => at % 2 === 0);
      step *= 2;
    },
    kept: (): readonly T[] => kept,
  };
}
