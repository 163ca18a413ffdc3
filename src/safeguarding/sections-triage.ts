import type { Section } from '../core/pages.ts';
import { dayText, whenText } from '../core/wording.ts';
import type { PresentConcern } from './commands.ts';
import { TRIAGE_OUTCOMES } from './entries.ts';
import { byText } from './words.ts';

/** What each weekly meeting said of it: for those who answer for it. */
export function triageSections({ concern, knows, today, now }: PresentConcern): readonly Section[] {
  if (knows === 'raiser') return [];
  const entries = (concern.triages ?? []).map(({ by, at, outcome, words, reviewOn }) => ({
    label: `${TRIAGE_OUTCOMES[outcome]}. ${byText(by, today)}, ${whenText(at, now, today.zone)}`,
    text: `${words} Next review: ${dayText(reviewOn, now, today.zone)}.`,
  }));
  return [{ title: 'Weekly meeting', tone: 'default', entries }];
}
