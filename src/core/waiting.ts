import type { Asking, CardView } from './routes.ts';

/** What waits for somebody, as each feature hands it to `/mine`. */

/** One thing that waits. Its lines are safe for everybody who reads the answer. */
export interface WaitingRow {
  /** What it is, such as `7K2-M4Z · M.K.`. */
  readonly who: string;
  readonly lines: readonly string[];
  /** Where it stands and by when it is wanted. */
  readonly standing: string;
  /** Its time has passed. */
  readonly late: boolean;
  readonly button: WaitingButton;
  /** The same wherever it waits: what one part has shown, another does not show again. */
  readonly about?: string;
}

export interface WaitingButton {
  readonly title: string;
  readonly verb: string;
  /** Carries its pathway. */
  readonly data: object;
}

/** The things of one kind that wait, most urgent first. */
export interface WaitingPart {
  /** `Handovers`, `Actions`. */
  readonly title: string;
  /** How many wait in all. */
  readonly count: number;
  /** The first of them. */
  readonly rows: readonly WaitingRow[];
  /** Opens the whole list, where not all are shown. */
  readonly more?: WaitingButton;
}

/** A feature's part of what waits for whoever asks; undefined where it has nothing for them. */
export type Waits = (asking: Asking) => Promise<WaitingPart | undefined>;

/** The parts with each thing once: where the first of them has it. */
function once(parts: readonly WaitingPart[]): WaitingPart[] {
  const shown = new Set<string>();
  return parts.map((part) => {
    const rows = part.rows.filter(({ about }) => about === undefined || !shown.has(about));
    for (const { about } of rows) if (about !== undefined) shown.add(about);
    return { ...part, rows, count: part.count - (part.rows.length - rows.length) };
  });
}

/** Everything that waits for one person, by kind, most urgent first. Kinds without anything are left out. */
export function waitingCard(parts: readonly WaitingPart[]): CardView {
  const waiting = once(parts).filter(
    ({ rows, more, count }) => count > 0 && (rows.length > 0 || more !== undefined),
  );
  const mores = waiting.flatMap(({ more }) => (more ? [more] : []));
  return {
    card: 'core/waiting',
    data: {
      title: 'Waiting for you',
      empty: waiting.length === 0,
      parts: waiting.map(({ title, count, rows }) => ({
        title: `${title}: ${count}`,
        rows: rows.map(({ who, lines, standing, late, button }) => ({
          who,
          lines: lines.map((text) => ({ text })),
          standing,
          colour: late ? 'attention' : 'default',
          button: button.title,
          tooltip: `${button.title} ${who}`,
          verb: button.verb,
          ref: button.data,
        })),
      })),
      mores: mores.map(({ title, verb, data }) => ({ title, verb, ref: data })),
    },
    summary: `Waiting for you: ${waiting.map(({ title, count }) => `${title.toLowerCase()} ${count}`).join(', ') || 'nothing'}.`,
  };
}
