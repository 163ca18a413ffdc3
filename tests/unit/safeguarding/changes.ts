import type { NoticeDraft, Verdict } from '../../../src/core/change.ts';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import type { Facts } from '../../../src/safeguarding/facts.ts';
import { actor, terms } from '../../support/pathway.ts';
import { NOW } from './fixture.ts';

/** What a rule decides from, for somebody who answers for concerns. */
export const factsOf = (concern: Concern, who: string, now = NOW): Facts => ({
  concern,
  actor: actor(who),
  knows: 'safeguarding',
  today: terms,
  now,
});

/** The concern as a verdict leaves it. */
export const left = (verdict: Verdict, before: Concern): Concern =>
  verdict.kind === 'change'
    ? ((verdict.change.documents ?? []).find(({ id }) => id === before.id) as Concern)
    : before;

/** The notices of a verdict. */
export const noticesOf = (verdict: Verdict): readonly NoticeDraft[] =>
  verdict.kind === 'change' ? (verdict.change.notices ?? []) : [];
