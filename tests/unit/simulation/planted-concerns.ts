import type { Doc, NoticeDoc, TimerDoc } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import type { Write } from '../../../src/store/store.ts';
import { commits, dropping, due, type Fault, hasEvent, idIn, writing } from './planting.ts';

const HOUR = 3_600_000;

/** The first notice of a commit about a concern, once more for another route. */
const alsoTo = (route: NoticeDoc['notice']['route'], name: string) =>
  commits((key, writes) => {
    if (!key.caseId.startsWith('concern:')) return writes;
    const shown = writes.find((write) => write.do !== 'remove' && write.doc.kind === 'notice');
    if (!shown || shown.do === 'remove') return writes;
    const doc = shown.doc as NoticeDoc;
    const id = `${doc.id}:${name}`;
    const lists = { due: `${doc.due}|${key.caseId}|${id}` };
    const more = { ...doc, id, lists, notice: { ...doc.notice, route } } as Doc;
    return [...writes, { do: 'create', doc: more } as Write];
  });

/** Whoever was asked last has ten minutes more. */
const later = (doc: Concern): Concern => ({
  ...doc,
  asked: doc.asked.map((one, at) =>
    at === doc.asked.length - 1 ? { ...one, due: plusMs(one.due, HOUR / 6) } : one,
  ),
});

/** Faults of concerns. */
export const CONCERN_FAULTS: readonly Fault[] = [
  {
    what: 'a concern that names nothing of what was sent',
    breaks: 'concern-once',
    planted: writing<Concern>('concern', (doc) => ({
      ...doc,
      told: { ...doc.told, facts: doc.told.facts.replace('number', 'numbers') },
    })),
  },
  {
    what: 'a notice of a concern to a channel',
    breaks: 'concern-hidden',
    planted: alsoTo({ to: 'channel', provider: 'prime' }, 'channel'),
  },
  {
    what: 'a notice of a concern to somebody who does not answer for it',
    breaks: 'concern-hidden',
    planted: alsoTo({ to: 'person', person: 'ben' }, 'ben'),
  },
  {
    what: 'somebody who may be the one it is about, and is asked',
    breaks: 'concern-hidden',
    // Nobody is named any more: whoever was is as good as anybody.
    planted: commits((_, writes) =>
      hasEvent(writes, 'concern.raised')
        ? writes.map((write) =>
            write.do !== 'remove' && write.doc.kind === 'concern'
              ? { ...write, doc: { ...write.doc, named: [], staff: 'no' } as Doc }
              : write,
          )
        : writes,
    ),
  },
  {
    what: 'those who are asked with less time than was agreed',
    breaks: 'concern-asks',
    planted: commits((_, writes) =>
      hasEvent(writes, 'concern.raised')
        ? writes.map((write) =>
            write.do !== 'remove' && write.doc.kind === 'concern'
              ? {
                  ...write,
                  doc: {
                    ...write.doc,
                    asked: (write.doc as Concern).asked.map((one) => ({
                      ...one,
                      due: plusMs(one.due, -HOUR / 6),
                    })),
                  } as Doc,
                }
              : write,
          )
        : writes,
    ),
  },
  {
    what: 'a step that wakes nobody',
    breaks: 'concern-asks',
    planted: dropping('concern.asked', (write) => idIn(write).includes(':pager:')),
  },
  {
    what: 'a concern without its timer',
    breaks: 'concern-timer',
    planted: dropping('concern.raised', (write) => idIn(write).startsWith('timer:concern:')),
  },
  {
    what: 'a ticker that leaves the timers of concerns lying',
    breaks: 'concern-late',
    planted: due((listed, now) =>
      listed.filter(
        ({ doc }) => (doc as TimerDoc).fires !== 'concern.due' || (doc as TimerDoc).due < plusMs(now, -HOUR),
      ),
    ),
  },
  {
    what: 'whoever raised it not told to ring',
    breaks: 'concern-told',
    planted: dropping('concern.ring', (write) => idIn(write).includes(':tell:')),
  },
  {
    what: 'a card of a concern that is left with whoever may not know of it any more',
    breaks: 'concern-hidden',
    planted: dropping('concern.about', (write) => idIn(write).includes(':show:')),
  },
  {
    what: 'whoever waits for the outside contact not reminded',
    breaks: 'concern-told',
    planted: dropping('concern.outside-reminded', (write) => idIn(write).includes(':tell:')),
  },
  {
    what: 'an asking anew for danger that lets the next come later',
    from: 3,
    breaks: 'concern-asks',
    planted: commits((_, writes) =>
      hasEvent(writes, 'concern.added') && hasEvent(writes, 'concern.asked')
        ? writes.map((write) =>
            write.do !== 'remove' && write.doc.kind === 'concern'
              ? { ...write, doc: later(write.doc as Concern) }
              : write,
          )
        : writes,
    ),
  },
  {
    what: 'an acknowledgement after which somebody still is asked',
    breaks: 'concern-ends',
    planted: writing<Concern>('concern', (doc) =>
      doc.acknowledged
        ? { ...doc, asked: doc.asked.map((one) => ({ ...one, state: 'waiting' as const })) }
        : doc,
    ),
  },
];
