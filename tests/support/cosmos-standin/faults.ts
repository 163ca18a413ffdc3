/** The calls that faults can be put on. */
export type Operation = 'account' | 'container' | 'ranges' | 'read' | 'batch' | 'plan' | 'query';

/**
 * What goes wrong with one call. `before`: the service did nothing; `after`: it did all, and the answer is
 * lost. `hang` never answers, `reset` breaks the connection, a status is answered.
 */
export interface Mishap {
  readonly moment: 'before' | 'after';
  readonly answer: 'hang' | 'reset' | number;
  /** For 429: the value of x-ms-retry-after-ms. */
  readonly retryAfterMs?: number;
}

/** A mishap on the `nth` call of an operation from now on (1 is the next), and on the `times - 1` after it. */
export interface Fault extends Mishap {
  readonly on: Operation;
  readonly nth?: number;
  readonly times?: number;
}

/** Decides for each call, for plans that a list of faults cannot say. */
export type Chance = (operation: Operation) => Mishap | undefined;

interface Waiting {
  readonly fault: Fault;
  seen: number;
}

/** The plan of faults: a list that is worked off, and a chance for whatever the list leaves alone. */
export class FaultPlan {
  private waiting: Waiting[] = [];
  private chance: Chance = () => undefined;
  private readonly met = new Map<string, number>();

  add(...faults: readonly Fault[]): void {
    for (const fault of faults) this.waiting.push({ fault, seen: 0 });
  }

  byChance(chance: Chance): void {
    this.chance = chance;
  }

  clear(): void {
    this.waiting = [];
    this.chance = () => undefined;
  }

  /** How many mishaps there were, by operation, moment and answer. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.met);
  }

  /** The mishap of this call, if it has one. Counts the call. */
  next(operation: Operation): Mishap | undefined {
    let found: Mishap | undefined;
    for (const each of this.waiting) {
      if (each.fault.on !== operation) continue;
      each.seen++;
      const first = each.fault.nth ?? 1;
      if (!found && each.seen >= first && each.seen < first + (each.fault.times ?? 1)) found = each.fault;
    }
    this.waiting = this.waiting.filter(({ fault, seen }) => seen < (fault.nth ?? 1) + (fault.times ?? 1) - 1);
    found ??= this.chance(operation);
    if (found) {
      const name = `${operation} ${found.moment} ${found.answer}`;
      this.met.set(name, (this.met.get(name) ?? 0) + 1);
    }
    return found;
  }
}
