import type { RungKind } from '../agreement/ladder.ts';
import type { Doc, EventDoc } from '../core/change.ts';
import type { Store, Write } from '../store/store.ts';
import { askedAt, type Escalation, type Raising } from './escalation.ts';

/** Adds one to the counter of that name and labels. */
export type Count = (name: string, help: string, labels: Readonly<Record<string, string>>) => void;

/** What kind of rung it was on the ladder of that version; undefined where that is not known any more. */
export type KindOf = (pathwayId: string, version: number, rung: string) => Promise<RungKind | undefined>;

const COUNTED = {
  'escalation.raised': ['baton_prompts_raised_total', 'Prompts raised, by kind of rung and provider asked.'],
  'escalation.acknowledged': [
    'baton_prompts_acknowledged_total',
    'Prompts that somebody said "I\'m on it" to.',
  ],
  'escalation.ended': ['baton_prompts_ended_total', 'Prompts that waited when their escalation ended.'],
} as const;

/**
 * The same store, which counts the prompts of every commit that went through it. One whose answer was lost
 * is not counted: the record is exact, a counter is for a graph.
 */
export function countingPrompts(store: Store, count: Count, kindOf: KindOf): Store {
  async function counted(pathwayId: string, writes: readonly Write[]): Promise<void> {
    const docs = writes.flatMap((write) => (write.do === 'remove' ? [] : [write.doc]));
    for (const event of docs.filter(isEvent)) {
      const what = Object.hasOwn(COUNTED, event.type)
        ? COUNTED[event.type as keyof typeof COUNTED]
        : undefined;
      const escalation = docs.filter(isEscalation).find(({ subject }) => subject === event.data.escalation);
      if (!what || !escalation) continue;
      for (const raising of promptsOf(event, escalation)) {
        const { rung } = raising;
        const provider = askedAt(raising, escalation.parties);
        const kind = (await kindOf(pathwayId, escalation.agreementVersion, rung)) ?? 'unknown';
        count(what[0], what[1], { pathway: pathwayId, kind, provider });
      }
    }
  }

  return {
    ...store,
    async commit(key, writes) {
      await store.commit(key, writes);
      // What is counted is told to nobody who waits for this commit, and must not fail it.
      counted(key.pathwayId, writes).catch(() => undefined);
    },
  };
}

/** The prompts that an event is about: one by its number, or all that this end closed. */
function promptsOf({ type, data }: EventDoc, { raisings, endedBefore }: Escalation): readonly Raising[] {
  if (type !== 'escalation.ended') return raisings.filter(({ n }) => n === data.n);
  const before = endedBefore?.at(-1)?.upTo ?? 0;
  return raisings.filter(({ n, state }) => n > before && state === 'ended');
}

const isEvent = (doc: Doc): doc is EventDoc => doc.kind === 'event';
const isEscalation = (doc: Doc): doc is Escalation => doc.kind === 'escalation';
