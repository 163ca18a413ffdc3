import type { Checked } from './check.ts';
import type { TortureConnector } from './connector.ts';
import type { Ledger } from './ledger.ts';

/** Where the kills fell; each counts once, in this order. */
export interface Fell {
  atStart: number;
  inCommit: number;
  inSend: number;
  /** Working for a request that was not answered yet, between its commits. */
  inRequest: number;
  /** Nothing was under way. */
  idle: number;
}

export const NAMES: Readonly<Record<keyof Fell, string>> = {
  atStart: 'at start',
  inCommit: 'inside a commit',
  inSend: 'inside a send',
  inRequest: 'inside a request',
  idle: 'idle',
};

/** `12 inside a commit, 70 inside a send, …`: where the kills fell. */
export const fellLine = (fell: Fell): string =>
  (['inCommit', 'inSend', 'inRequest', 'idle', 'atStart'] as const)
    .map((where) => `${fell[where]} ${NAMES[where]}`)
    .join(', ');

/** Prints what the kills met, what was kept, and what was broken. */
export function tell(
  say: (line: string) => void,
  told: {
    readonly store: string;
    readonly kills: number;
    readonly fell: Fell;
    readonly checked: Checked;
    readonly ledger: Ledger;
    readonly connector: TortureConnector;
    readonly errors: readonly string[];
    readonly seconds: number;
  },
): void {
  const { store, kills, fell, checked, ledger, connector, errors, seconds } = told;
  const done = ledger.clicks.filter((click) => click.told === 'done').length;
  const { handovers, accepted, rejected, open, repeats, gaveUp, neverThere, broken } = checked;
  const moved = ledger.clicks.length - done;
  for (const line of [
    `${store}: ${kills} kills: ${fellLine(fell)}`,
    `${store}: ${handovers} handovers answered 201 (${accepted} accepted, ${rejected} rejected, ${open} open); ${done} clicks answered done, ${moved} told that somebody was faster; ${ledger.repeated} requests made again after a kill`,
    `${store}: ${connector.posts.length} messages and ${connector.edits} edits taken, ${connector.throttled} throttled; ${repeats} marked as repeats, ${gaveUp} cards given to people after two kills in their sending (${neverThere} never came through to the channel); ${errors.length} errors logged`,
    `${store}: ${broken.length} promises broken, in ${seconds.toFixed(0)} s`,
    ...broken.slice(0, 20).map((line) => `BROKEN ${line}`),
    ...errors.slice(0, 5).map((line) => `LOGGED ${line}`),
  ]) {
    say(line);
  }
}
