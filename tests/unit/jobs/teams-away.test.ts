import { describe, expect, it } from 'vitest';
import { type Instant, plusMs } from '../../../src/core/clock.ts';
import type { Outcome } from '../../../src/core/messenger.ts';
import { createTeamsAway } from '../../../src/jobs/teams-away.ts';

const START = '2026-11-24T16:00:00.000Z';
const sent: Outcome = { kind: 'sent', conversationId: 'c', activityId: '1' };
const refused: Outcome = { kind: 'failed', reason: 'refused' };
const gone: Outcome = { kind: 'failed', reason: 'gone' };
const unknown: Outcome = { kind: 'unknown' };
const throttled: Outcome = { kind: 'throttled', retryAfterMs: 1_000 };

/** Outcomes by the second at which they came, and what is known at another. */
function after(outcomes: readonly (readonly [number, Outcome])[], at: number): Instant | undefined {
  let now = START;
  const away = createTeamsAway({ now: () => now });
  for (const [second, outcome] of outcomes) {
    now = plusMs(START, second * 1_000);
    away.told(outcome);
  }
  now = plusMs(START, at * 1_000);
  return away.since();
}

describe('Teams is known to take no messages', () => {
  const table: readonly [string, readonly (readonly [number, Outcome])[], number, number | undefined][] = [
    [
      'since the first of three that it did not take',
      [
        [10, refused],
        [60, unknown],
        [120, throttled],
      ],
      140,
      10,
    ],
    [
      'not after two',
      [
        [10, refused],
        [60, refused],
      ],
      200,
      undefined,
    ],
    [
      'not within two minutes',
      [
        [10, refused],
        [20, refused],
        [30, refused],
      ],
      60,
      undefined,
    ],
    [
      'not when it took one since',
      [
        [10, refused],
        [60, refused],
        [120, refused],
        [130, sent],
      ],
      300,
      undefined,
    ],
    [
      'since the next after that',
      [
        [10, refused],
        [20, sent],
        [30, unknown],
        [60, unknown],
        [90, unknown],
      ],
      200,
      30,
    ],
    [
      'not by conversations that are gone',
      [
        [10, gone],
        [60, gone],
        [120, gone],
      ],
      200,
      undefined,
    ],
    [
      'not when nothing was tried for long',
      [
        [10, refused],
        [60, refused],
        [120, refused],
      ],
      2_000,
      undefined,
    ],
  ];
  it.each(table)('%s', (_, outcomes, at, since) => {
    expect(after(outcomes, at)).toBe(since === undefined ? undefined : plusMs(START, since * 1_000));
  });
});
