import { describe, expect, it } from 'vitest';
import { type Change, routeName } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import type { Concern } from '../../../src/safeguarding/concern.ts';
import type { Facts } from '../../../src/safeguarding/facts.ts';
import { caseMoved, readMove, receiversOf, remindMoves, writeMove } from '../../../src/safeguarding/move.ts';
import { entitled, mayKnow } from '../../../src/safeguarding/who.ts';
import { actor, terms } from '../../support/pathway.ts';
import { NOW, raised } from './fixture.ts';

const HOUR = 3_600_000;
const left = (change: Change | undefined): Concern => change?.documents?.[0] as Concern;
const told = (change: Change | undefined): string[] =>
  (change?.notices ?? []).flatMap((notice) =>
    notice.form === 'tell' ? [`${routeName(notice.route)} ${notice.line}`] : [],
  );
const facts = (concern: Concern, person: string): Facts => ({
  concern,
  actor: actor(person),
  knows: 'safeguarding',
  today: terms,
  now: NOW,
});
const done = (verdict: ReturnType<typeof writeMove>): Concern => {
  if (verdict.kind !== 'change') throw new Error(verdict.kind);
  return left(verdict.change);
};
const WRITTEN = {
  moveContact: 'Ring her daughter',
  risks: 'He still has a key',
  actions: 'The lock is ordered',
  outstanding: 'Fit it',
  moveBasis: 'public-task',
};
const { to, receiver } = (() => {
  for (const { id } of terms.providers) {
    const [first] = receiversOf(raised(), id, terms).filter(
      ({ key }) => !entitled(raised(), terms).includes(key) && key !== 'wim',
    );
    if (first) return { to: id, receiver: first.key };
  }
  throw new Error('nobody could receive it');
})();
const moved = left(caseMoved(raised(), to, terms, NOW));

describe('what moves with a case', () => {
  it('is to be written by those who answer for the concern, once for each provider after another', () => {
    const change = caseMoved(raised(), to, terms, NOW);
    expect(told(change)).toContain('person:sana concern.move');
    expect(change?.timers).toMatchObject([{ fires: 'concern.move', due: plusMs(NOW, 2 * HOUR) }]);
    expect(caseMoved(moved, to, terms, NOW)).toBeUndefined();
    const closed = { ...raised(), closed: { by: { person: 'sana', name: 'Sana' }, at: NOW } };
    expect(caseMoved(closed, to, terms, NOW)).toBeUndefined();
  });

  it('says all that is missing at once, and goes to one person who may know of it from then on', () => {
    expect(() => writeMove(facts(moved, 'sana'), {})).toThrow(
      expect.objectContaining({
        problems: ['receiver', 'moveContact', 'risks', 'actions', 'outstanding', 'moveBasis'].map((field) =>
          expect.objectContaining({ field }),
        ),
      }),
    );
    expect(mayKnow(moved, receiver, terms)).toBeUndefined();
    const written = done(writeMove(facts(moved, 'sana'), { ...WRITTEN, receiver }));
    expect(mayKnow(written, receiver, terms)).toBe('safeguarding');
    expect(written.lists).toHaveProperty([`concerns.to@${receiver}`]);
    expect(written.shownTo).toContainEqual({ to: 'person', person: receiver });
  });

  it('is kept from whoever it may be about, and from everybody while that is not known', () => {
    const about = { ...moved, staff: 'yes' as const, named: [{ person: receiver }] };
    expect(() => writeMove(facts(about, 'sana'), { ...WRITTEN, receiver })).toThrow('Not sent yet.');
    const unknown = { ...moved, staff: 'unknown' as const };
    expect(() => writeMove(facts(unknown, 'sana'), { ...WRITTEN, receiver })).toThrow('Say first who');
    const written = done(writeMove(facts(moved, 'sana'), { ...WRITTEN, receiver }));
    const later = { ...written, staff: 'yes' as const, named: [{ person: receiver }] };
    expect(mayKnow(later, receiver, terms)).toBeUndefined();
  });

  it('is read by its receiver alone, who and whoever wrote it are reminded until then', () => {
    const late = remindMoves(moved, terms, plusMs(NOW, 2 * HOUR));
    expect(told(late)).toContain('person:sana concern.move');
    expect(remindMoves(moved, terms, plusMs(NOW, HOUR))).toBeUndefined();
    const written = done(writeMove(facts(moved, 'sana'), { ...WRITTEN, receiver }));
    const unread = remindMoves(written, terms, plusMs(NOW, 2 * HOUR));
    expect(told(unread)).toEqual(
      expect.arrayContaining([`person:${receiver} concern.move-read`, 'person:sana concern.move-unread']),
    );
    expect(() => readMove(facts(written, 'dora'))).toThrow('somebody else');
    const read = done(readMove(facts(written, receiver)));
    expect(read.moves?.[0]?.read?.by.person).toBe(receiver);
    expect(readMove(facts(read, receiver))).toEqual({ kind: 'done' });
    expect(remindMoves(read, terms, plusMs(NOW, 99 * HOUR))).toBeUndefined();
  });
});
