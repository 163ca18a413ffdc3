import type { VirtualTime } from './time.ts';

/** How often each thing goes wrong at one call, from 0 to 1. */
export interface Rates {
  /** The process dies before the call took effect, or after it did. */
  readonly crash: number;
  /** The process stands still at the call, for longer than a lease holds. */
  readonly pause: number;
  /** The answer of the store is lost, whether the call took effect or not. */
  readonly lost: number;
  /** The store asks to be left alone. */
  readonly busy: number;
  /** Somebody else writes the head of the case just before. */
  readonly rival: number;
  /** The answer comes seconds later. */
  readonly slow: number;
  /** Teams: no answer though the message arrives; no answer and it does not; no answer and it arrives later. */
  readonly unanswered: number;
  readonly vanished: number;
  readonly late: number;
  readonly throttled: number;
  /** Teams refuses the message for good. */
  readonly refused: number;
}

export const CALM: Rates = {
  crash: 0,
  pause: 0,
  lost: 0,
  busy: 0,
  rival: 0,
  slow: 0,
  unanswered: 0,
  vanished: 0,
  late: 0,
  throttled: 0,
  refused: 0,
};

/** A time in which things go wrong, in milliseconds since 1970. */
export interface Storm {
  readonly from: number;
  readonly to: number;
  readonly rates: Partial<Rates>;
}

export interface Weather {
  at(ms: number): Rates;
  begin(storm: Storm): void;
  /** Something goes wrong now that can make others late. */
  trouble(): void;
  /** When something did last, in milliseconds since 1970: now, while no worker goes on. */
  readonly troubledAt: number;
}

export interface WeatherDeps {
  readonly time: VirtualTime;
  /** Whether a worker is there that neither died nor stands still. */
  readonly someGoesOn: () => boolean;
}

/** Calm, but for the storms that begin in it; of several at once the last counts. */
export function createWeather({ time, someGoesOn }: WeatherDeps): Weather {
  let storms: Storm[] = [];
  let troubledAt = 0;
  return {
    trouble() {
      troubledAt = time.ms;
    },
    get troubledAt() {
      return someGoesOn() ? troubledAt : time.ms;
    },
    at(ms) {
      if (storms.length === 0) return CALM;
      storms = storms.filter(({ to }) => to > ms);
      const storm = storms.findLast(({ from }) => from <= ms);
      return storm ? { ...CALM, ...storm.rates } : CALM;
    },
    begin(storm) {
      storms.push(storm);
    },
  };
}
