import type { Chance } from '../core/chance.ts';
import type { Head, Key, TimerDraft } from '../core/change.ts';
import { type Instant, msBetween, plusMs } from '../core/clock.ts';
import type { RunTurn } from '../store/turn.ts';
import { type Draft, type FormStep, stepOf } from './form.ts';

/** Unsent drafts are forgotten after this time without a touch, in milliseconds. */
export const DRAFT_MS = 24 * 60 * 60_000;

/** A person's one unfinished form: what they typed, where they were, and what came of it once sent. */
export interface DraftDoc extends Head {
  readonly kind: 'draft';
  readonly draft: Draft;
  readonly step: FormStep;
  readonly at: Instant;
  /** What came of it; the inputs are gone then. */
  readonly sent?: { readonly caseId: string; readonly to: string };
}

/** Keeps each person's draft in a partition of its own; a new form replaces the old. */
export function createDrafts(run: RunTurn, chance: Pick<Chance, 'uuid'>) {
  const keyOf = (pathwayId: string, person: string): Key => ({ pathwayId, caseId: `_draft:${person}` });

  return {
    /** Begins a form, under an id of its own. */
    async start(pathwayId: string, person: string, begun: Omit<Draft, 'id'>): Promise<DraftDoc> {
      const draft = { id: chance.uuid(), ...begun };
      return run<DraftDoc, DraftDoc>(keyOf(pathwayId, person), 'draft', (_, now) => {
        const doc: DraftDoc = {
          id: 'draft',
          kind: 'draft',
          schema: 1,
          audit: { seq: 0, hash: '' },
          draft,
          step: 'person',
          at: now,
        };
        return { change: { documents: [doc], timers: [forgetting(now)] }, answer: doc };
      });
    },

    /**
     * The draft with what the inputs say, now at `step`; undefined when it is gone or another was begun since.
     * With `whole`, a step whose inputs these all are, what was typed there before and is not among them goes:
     * a client leaves out an input that somebody emptied.
     */
    async fill(
      pathwayId: string,
      person: string,
      draftId: string,
      step: FormStep,
      inputs: Draft['inputs'],
      whole?: FormStep,
    ): Promise<DraftDoc | undefined> {
      return run<DraftDoc, DraftDoc | undefined>(keyOf(pathwayId, person), 'draft', ({ head }, now) => {
        if (!head || head.draft.id !== draftId || msBetween(head.at, now) > DRAFT_MS)
          return { answer: undefined };
        if (head.sent) return { answer: head };
        const kept = Object.entries(head.draft.inputs).filter(([id]) => stepOf(id) !== whole);
        const doc: DraftDoc = {
          ...head,
          step,
          at: now,
          draft: { ...head.draft, inputs: { ...Object.fromEntries(kept), ...inputs } },
        };
        return { change: { documents: [doc], timers: [forgetting(now)] }, answer: doc };
      });
    },

    /** Forgets what was typed, once it has been sent, and keeps what came of it. */
    async clear(
      pathwayId: string,
      person: string,
      draftId: string,
      sent: NonNullable<DraftDoc['sent']>,
    ): Promise<void> {
      await run<DraftDoc, void>(keyOf(pathwayId, person), 'draft', ({ head }) => {
        if (head?.draft.id !== draftId) return { answer: undefined };
        const doc: DraftDoc = { ...head, draft: { id: draftId, from: head.draft.from, inputs: {} }, sent };
        return { change: { documents: [doc], timers: [noMore] }, answer: undefined };
      });
    },

    /** The timer of an unsent draft has fired: what was typed is forgotten. A draft touched since has a later timer. */
    async forget(pathwayId: string, caseId: string): Promise<void> {
      await run<DraftDoc, void>({ pathwayId, caseId }, 'draft', ({ head }, now) => {
        if (!head || msBetween(head.at, now) < DRAFT_MS) return { answer: undefined };
        const { id, from } = head.draft;
        const doc: DraftDoc = { ...head, draft: { id, from, inputs: {} } };
        return { change: { documents: [doc], timers: [noMore] }, answer: undefined };
      });
    },
  };
}

const forgetting = (now: Instant): TimerDraft => ({
  subject: 'draft',
  fires: 'draft.forgotten',
  due: plusMs(now, DRAFT_MS),
});
const noMore: TimerDraft = { subject: 'draft', fires: 'draft.forgotten', due: null };

export type Drafts = ReturnType<typeof createDrafts>;
