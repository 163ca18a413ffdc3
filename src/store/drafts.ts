import type { Chance } from '../core/chance.ts';
import type { Head, Key, NoticeDraft, TimerDraft } from '../core/change.ts';
import { type Instant, msBetween, plusMs } from '../core/clock.ts';
import type { RunTurn } from './turn.ts';

/** Unsent drafts are forgotten after this time without a touch, in milliseconds. */
export const DRAFT_MS = 24 * 60 * 60_000;

/** What somebody has typed into a form, by the id of the input. */
export interface DraftShape {
  /** Names this try at the form, on its buttons. */
  readonly id: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** A person's one unfinished form of a kind: what they typed, where they were, and what came of it once sent. */
export interface DraftDoc<D extends DraftShape, Step extends string, Sent> extends Head {
  readonly kind: 'draft';
  readonly draft: D;
  readonly step: Step;
  readonly at: Instant;
  /** Its author was told once that it has not been sent. */
  readonly reminded?: true;
  /** What came of it; the inputs are gone then. */
  readonly sent?: Sent;
}

/** What makes one kind of form different from another. */
export interface DraftKind<D extends DraftShape, Step extends string> {
  /** Its partitions are `_<name>:<person>`. */
  readonly name: string;
  /** The timer that forgets it, and reminds its author. */
  readonly fires: string;
  readonly first: Step;
  /** The step on which an input stands. */
  stepOf(input: string): Step;
  /** The draft without what was typed. */
  emptied(draft: D): D;
  /** Its author is told that it has not been sent, once, so many milliseconds after they touched it last. */
  readonly remind?: { readonly afterMs: number; notice(person: string): NoticeDraft };
}

const HEAD = 'draft';

/** Keeps each person's draft of one kind of form in a partition of its own; a new form replaces the old. */
export function createDrafts<D extends DraftShape, Step extends string, Sent>(
  run: RunTurn,
  chance: Pick<Chance, 'uuid'>,
  kind: DraftKind<D, Step>,
) {
  type Draft = DraftDoc<D, Step, Sent>;
  const keyOf = (pathwayId: string, person: string): Key => ({
    pathwayId,
    caseId: `_${kind.name}:${person}`,
  });
  const personOf = (caseId: string): string => caseId.slice(kind.name.length + 2);
  const timer = (due: Instant | null): TimerDraft => ({ subject: kind.name, fires: kind.fires, due });
  const next = ({ at, reminded }: Pick<Draft, 'at' | 'reminded'>): TimerDraft =>
    timer(plusMs(at, kind.remind && !reminded ? kind.remind.afterMs : DRAFT_MS));
  const isOld = ({ at }: Draft, now: Instant): boolean => msBetween(at, now) >= DRAFT_MS;

  return {
    /** Begins a form, under an id of its own. */
    async start(pathwayId: string, person: string, begun: Omit<D, 'id'>): Promise<Draft> {
      const draft = { id: chance.uuid(), ...begun } as unknown as D;
      return run<Draft, Draft>(keyOf(pathwayId, person), HEAD, (_, now) => {
        const doc: Draft = {
          id: HEAD,
          kind: 'draft',
          schema: 1,
          audit: { seq: 0, hash: '' },
          draft,
          step: kind.first,
          at: now,
        };
        return { change: { documents: [doc], timers: [next(doc)] }, answer: doc };
      });
    },

    /** Their draft that is not sent and holds something; undefined where there is none. */
    unsent: (pathwayId: string, person: string): Promise<Draft | undefined> =>
      run<Draft, Draft | undefined>(keyOf(pathwayId, person), HEAD, ({ head }, now) => {
        const here = head && !head.sent && !isOld(head, now) && Object.keys(head.draft.inputs).length > 0;
        return { answer: here ? head : undefined };
      }),

    /**
     * The draft with what the inputs say, now at `step`; undefined when it is gone or another was begun since.
     * With `whole`, a step whose inputs these all are, what was typed there before and is not among them goes:
     * a client leaves out an input that somebody emptied.
     */
    async fill(
      pathwayId: string,
      person: string,
      draftId: string,
      step: Step,
      inputs: D['inputs'],
      whole?: Step,
    ): Promise<Draft | undefined> {
      return run<Draft, Draft | undefined>(keyOf(pathwayId, person), HEAD, ({ head }, now) => {
        if (head?.draft.id !== draftId || isOld(head, now)) return { answer: undefined };
        if (head.sent) return { answer: head };
        const kept = Object.entries(head.draft.inputs).filter(([id]) => kind.stepOf(id) !== whole);
        const doc: Draft = {
          ...head,
          step,
          at: now,
          draft: { ...head.draft, inputs: { ...Object.fromEntries(kept), ...inputs } },
        };
        return { change: { documents: [doc], timers: [next(doc)] }, answer: doc };
      });
    },

    /** Forgets what was typed, once it has been sent, and keeps what came of it. */
    async clear(pathwayId: string, person: string, draftId: string, sent: Sent): Promise<void> {
      await run<Draft, void>(keyOf(pathwayId, person), HEAD, ({ head }) => {
        if (head?.draft.id !== draftId) return { answer: undefined };
        const doc: Draft = { ...head, draft: kind.emptied(head.draft), sent };
        return { change: { documents: [doc], timers: [timer(null)] }, answer: undefined };
      });
    },

    /**
     * The timer of an unsent draft has fired: its author is reminded, or what was typed is forgotten. A draft
     * touched since has a later timer.
     */
    async due(pathwayId: string, caseId: string): Promise<void> {
      await run<Draft, void>({ pathwayId, caseId }, HEAD, ({ head }, now) => {
        if (!head) return { answer: undefined };
        if (isOld(head, now)) {
          const doc: Draft = { ...head, draft: kind.emptied(head.draft) };
          return { change: { documents: [doc], timers: [timer(null)] }, answer: undefined };
        }
        const { remind } = kind;
        if (!remind || head.reminded || head.sent || msBetween(head.at, now) < remind.afterMs)
          return { answer: undefined };
        const doc: Draft = { ...head, reminded: true };
        const notices = [remind.notice(personOf(caseId))];
        return { change: { documents: [doc], timers: [next(doc)], notices }, answer: undefined };
      });
    },
  };
}
