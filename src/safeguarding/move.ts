import type { Agreement } from '../agreement/agreement.ts';
import { positionCan } from '../agreement/agreement.ts';
import type { Change, TimerDraft, Verdict } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { textProblem } from '../core/text.ts';
import type { Concern } from './concern.ts';
import { BASES } from './decision.ts';
import { changed, type Facts, happened, personOf, positionOf, tellAt } from './facts.ts';
import type { Inputs } from './form.ts';
import type { Mark } from './mark.ts';
import type { Move, Written } from './moved.ts';
import { entitled, inConflict, isNarrow } from './who.ts';

/** So long after the case went on, and each time after that, whoever is to act is reminded, in milliseconds. */
const REMIND_MS = 2 * 60 * 60_000;

export const moveSubject = (concernId: string): string => `concern-move:${concernId}`;
export const moveConcern = (subject: string): string => subject.replace(/^concern-move:/, '');

/** Those that wait to be written or to be read; nothing once the concern is closed. */
export const openMoves = ({ moves = [], closed }: Pick<Concern, 'moves' | 'closed'>): readonly Move[] =>
  closed ? [] : moves.filter(({ read }) => !read);

const timer = (concern: Concern): TimerDraft => ({
  subject: moveSubject(concern.concernId),
  fires: 'concern.move',
  due:
    openMoves(concern)
      .map(({ remindAt }) => remindAt)
      .sort()[0] ?? null,
});

/** Keys of those who write: whoever has the concern, or all who answer for it. */
function writersOf(concern: Concern, today: Agreement): readonly string[] {
  const those = entitled({ ...concern, moves: [] }, today);
  const has = concern.acknowledged?.by.person ?? '';
  return those.includes(has) ? [has] : those;
}

/** The case is with this provider now: what moves with it is to be written, once for each provider after another. */
export function caseMoved(concern: Concern, to: string, today: Agreement, now: Instant): Change | undefined {
  const { moves = [], closed } = concern;
  if (closed || moves.at(-1)?.to === to) return undefined;
  const move: Move = { n: moves.length + 1, to, at: now, remindAt: plusMs(now, REMIND_MS) };
  const after: Concern = { ...concern, moves: [...moves, move] };
  const moved = {
    type: 'concern.moved',
    by: { system: 'safeguarding' },
    data: { concern: concern.concernId, n: move.n, to },
  };
  const notices = tellAt(after, writersOf(after, today), 'concern.move', { n: String(move.n) });
  return changed(after, [moved], { notices, timers: [timer(after)] });
}

/** The people there for whom it may be written: those who answer for concerns first, and nobody in conflict. */
export function receiversOf(concern: Concern, to: string, today: Agreement): Agreement['people'] {
  const conflict = inConflict(concern, today);
  const there = today.people.filter(
    ({ key, positions }) => !conflict.has(key) && positions.some(({ provider }) => provider === to),
  );
  const answers = ({ positions }: Agreement['people'][number]): boolean =>
    positions.some((at) => at.provider === to && positionCan(today, at, 'safeguard'));
  return [...there.filter(answers), ...there.filter((one) => !answers(one))];
}

/** The first that is not written yet. */
export const unwritten = (concern: Concern): Move | undefined =>
  openMoves(concern).find(({ written }) => !written);

/** Writes it. Errors: `Refused` while nobody may know of the concern but those who answer for it; `Invalid`. */
export function writeMove(facts: Facts, inputs: Inputs): Verdict {
  const { concern, actor, today, now } = facts;
  const move = unwritten(concern);
  if (!move) return { kind: 'moved' };
  if (isNarrow(concern)) {
    throw new Refused('narrow', 'Say first who this is about: until then nobody else may know of it.');
  }
  const problems: Problem[] = [];
  const text = (field: string, ifEmpty: string): string => {
    const wrong = textProblem(inputs[field] ?? '', ifEmpty);
    if (wrong) problems.push({ field, message: wrong });
    return (inputs[field] ?? '').trim();
  };
  const receiver = receiversOf(concern, move.to, today).find(({ key }) => key === inputs.receiver)?.key;
  if (receiver === undefined) problems.push({ field: 'receiver', message: 'Choose for whom it is.' });
  const safeContact = text(
    'moveContact',
    'Write the safe way to contact the person. “Not known” is an answer.',
  );
  const risks = text('risks', 'Write the risks as they are now.');
  const actions = text('actions', 'Write what was done. “Nothing yet” is an answer.');
  const outstanding = text('outstanding', 'Write what is left to do. “Nothing” is an answer.');
  const basis = inputs.moveBasis as keyof typeof BASES | undefined;
  if (basis === undefined || !Object.hasOwn(BASES, basis))
    problems.push({ field: 'moveBasis', message: 'Choose on what basis it is shared.' });
  if (problems.length > 0 || receiver === undefined || basis === undefined)
    throw new Invalid('Not sent yet.', problems);
  const by = personOf(actor, positionOf(actor, today));
  const written: Written = { by, at: now, receiver, risks, actions, outstanding, safeContact, basis };
  const remindAt = plusMs(now, REMIND_MS);
  const after: Concern = {
    ...concern,
    moves: (concern.moves ?? []).map((one) => (one.n === move.n ? { ...one, written, remindAt } : one)),
    shownTo: concern.shownTo.some((one) => one.to === 'person' && one.person === receiver)
      ? concern.shownTo
      : [...concern.shownTo, { to: 'person', person: receiver }],
  };
  const event = happened(facts, 'concern.move-written', { n: move.n, to: move.to, receiver, basis });
  return { kind: 'change', change: changed(after, [event], { timers: [timer(after)] }) };
}

/** Its receiver has read it. Errors: `Refused` for anybody else. */
export function readMove(facts: Facts): Verdict {
  const { concern, actor, today, now } = facts;
  const move = openMoves(concern).find(({ written }) => written?.receiver === actor.person);
  if (!move) {
    const done = concern.moves?.some(({ written }) => written?.receiver === actor.person);
    if (done) return { kind: 'done' };
    throw new Refused(
      'not-yours',
      'What moved with the case is for somebody else to read. Nothing for you to do.',
    );
  }
  const read: Mark = { by: personOf(actor, positionOf(actor, today)), at: now };
  const after: Concern = {
    ...concern,
    moves: (concern.moves ?? []).map((one) => (one.n === move.n ? { ...one, read } : one)),
  };
  const event = happened(facts, 'concern.move-read', { n: move.n });
  return { kind: 'change', change: changed(after, [event], { timers: [timer(after)] }) };
}

/** Its time has come: whoever is to write it is reminded; of what is not read its receiver, and whoever wrote it. */
export function remindMoves(concern: Concern, today: Agreement, now: Instant): Change | undefined {
  const late = openMoves(concern).filter(({ remindAt }) => remindAt <= now);
  if (late.length === 0) return undefined;
  const numbers = new Set(late.map(({ n }) => n));
  const after: Concern = {
    ...concern,
    moves: (concern.moves ?? []).map((one) =>
      numbers.has(one.n) ? { ...one, remindAt: plusMs(now, REMIND_MS) } : one,
    ),
  };
  const notices = late.flatMap(({ n, written }) =>
    written
      ? [
          ...tellAt(after, [written.receiver], 'concern.move-read', { n: String(n) }),
          ...tellAt(after, writersOf(after, today), 'concern.move-unread', { n: String(n) }),
        ]
      : tellAt(after, writersOf(after, today), 'concern.move', { n: String(n) }),
  );
  const events = late.map(({ n }) => ({
    type: 'concern.move-reminded',
    by: { system: 'safeguarding' },
    data: { concern: concern.concernId, n },
  }));
  return changed(after, events, { notices, timers: [timer(after)] });
}

/** What is said in a line of what moves with a case; undefined when it no longer matters. */
export function moveLine(
  name: string,
  n: string | undefined,
  concern: Concern,
  label: string,
): string | undefined {
  const move = openMoves(concern).find((one) => String(one.n) === n);
  if (!move) return undefined;
  if (name === 'concern.move' && !move.written) {
    return `The case that ${label} is about is with another provider now. Open the concern and write what moves with it.`;
  }
  if (name === 'concern.move-read' && move.written) {
    return `What moved with the case to you about ${label} is not read yet. Open it, and press I have read it.`;
  }
  if (name === 'concern.move-unread' && move.written) {
    return `What you wrote about ${label} for the new provider is not read yet. Ring them.`;
  }
  return undefined;
}
