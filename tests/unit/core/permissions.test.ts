import { describe, expect, it } from 'vitest';
import { positionCan } from '../../../src/agreement/agreement.ts';
import { type Act, PERMISSIONS, rule } from '../../../src/core/permissions.ts';
import { actor, system, terms } from '../../support/pathway.ts';

const sides = { receiver: 'hospice', sender: 'charity', prime: 'prime', markedRecords: 'volunteer' };
const who = {
  'prime coordinator': actor('cora'),
  'prime clinical lead': actor('lena'),
  'receiver nurse': actor('nina'),
  'receiver volunteer': actor('vera'),
  'sender worker': actor('wim'),
  'safeguarding lead': actor('sana'),
  'sender system': system('charity'),
  'other system': system('hospital'),
  timer: { kind: 'system', job: 'timer' } as const,
};
type Who = keyof typeof who;

const members: Who[] = [
  'prime coordinator',
  'prime clinical lead',
  'receiver nurse',
  'receiver volunteer',
  'sender worker',
  'safeguarding lead',
];

const workers: Who[] = members.filter((one) => one !== 'receiver volunteer' && one !== 'safeguarding lead');

const allowed: Record<Act, Who[]> = {
  'handover.offer': ['sender worker', 'sender system'],
  'handover.accept': ['receiver nurse'],
  'handover.reject': ['receiver nurse'],
  'handover.ask': ['receiver nurse'],
  'handover.undo': ['receiver nurse'],
  'handover.answer': ['sender worker'],
  'handover.withdraw': ['sender worker'],
  'handover.view': ['prime clinical lead', 'receiver nurse', 'sender worker'],
  'handover.overdue': ['timer'],
  'handover.renamed': ['timer'],
  'handover.flag': [...members, 'timer'],
  'case.details': ['prime clinical lead', 'receiver nurse', 'sender worker'],
  'escalation.acknowledge': ['receiver nurse'],
  'escalation.step-up': ['prime clinical lead', 'receiver nurse', 'sender worker'],
  'escalation.resolve': ['prime clinical lead', 'receiver nurse'],
  'escalation.view': members,
  'escalation.why': members,
  'escalation.step': ['timer'],
  'action.set': [...workers, 'timer'],
  'action.done': ['prime coordinator', 'prime clinical lead', 'receiver nurse'],
  'action.reopen': ['prime coordinator', 'prime clinical lead', 'receiver nurse'],
  'action.move': ['prime coordinator', 'prime clinical lead'],
  'action.cancel': ['prime coordinator', 'prime clinical lead'],
  'action.view': workers,
  'action.overdue': ['timer'],
  'case.take': members,
  'register.import': ['sender system', 'timer'],
  'register.watch': ['timer'],
  'register.baseline': ['timer'],
  'duplicate.view': ['prime coordinator'],
  'duplicate.decide': ['prime coordinator'],
  'duplicate.marked': ['receiver volunteer'],
  'duplicates.look': ['timer'],
  'duplicates.carry': ['timer'],
  '/duplicates': ['prime coordinator', 'receiver volunteer'],
  'digest.whole': ['prime coordinator', 'prime clinical lead', 'timer'],
  'digest.part': ['prime coordinator', 'prime clinical lead', 'receiver nurse', 'receiver volunteer'],
  'digest.post': ['timer'],
  '/digest': members,
  'reconcile.run': ['prime coordinator', 'timer'],
  'mismatch.view': ['prime coordinator', 'prime clinical lead', 'receiver nurse'],
  'mismatch.settle': ['prime coordinator', 'prime clinical lead', 'receiver nurse'],
  'mismatch.overdue': ['timer'],
  '/reconcile': workers,
  '/mismatches': workers,
  'training.import': ['timer'],
  'training.watch': ['timer'],
  'training.view': members,
  'training.people': [],
  'training.cover': ['prime coordinator', 'prime clinical lead'],
  '/training': members,
  '/concern': members,
  '/concerns': members,
  '/map': members,
  '/prompt': members,
  'concern.prompt': members,
  '/triage': ['safeguarding lead'],
  'triage.held': ['safeguarding lead'],
  'concerns.publish': ['timer'],
  'concern.triage': ['safeguarding lead'],
  '/take': members,
  '/unowned': members,
  'rota.on': members,
  'rota.off': members,
  'rota.swap': members,
  'rota.away': members,
  'rota.colleague': ['prime coordinator'],
  'rota.import': ['timer'],
  'agreement.changed': ['timer'],
  'rota.changed': ['timer'],
  'rota.watch': ['timer'],
  'concern.raise': members,
  'concern.view': members,
  'concern.add': members,
  'concern.acknowledge': ['safeguarding lead'],
  'concern.reopen': ['safeguarding lead'],
  'concern.close': ['safeguarding lead'],
  'concern.answered': ['safeguarding lead'],
  'concern.decide': ['safeguarding lead'],
  'concern.about': ['safeguarding lead'],
  'concern.hand-on': ['safeguarding lead'],
  'concern.correct-person': ['safeguarding lead'],
  'concern.correct-case': ['safeguarding lead'],
  'concern.hold': ['safeguarding lead'],
  'concern.outside': members,
  'concerns.accepted': ['timer'],
  'concern.due': ['timer'],
  'concern.export': ['timer'],
  'concern.chase': ['timer'],
  'concern.remind': ['timer'],
  'concern.action': ['safeguarding lead'],
  'concern.action-over': ['safeguarding lead'],
  'concern.move': ['safeguarding lead', 'timer'],
  'concern.read': members,
  '/actions': members,
  '/action': workers,
  '/oncall': members,
  '/handover': ['prime coordinator', 'receiver nurse', 'sender worker'],
  '/handovers': members,
  '/case': members,
  '/mine': members,
  '/escalations': members,
  '/why': members,
  '/ladder': members,
  '/raci': members,
  '/people': members,
  '/help': members,
  '/bind': ['prime coordinator'],
};

const rows = (Object.keys(PERMISSIONS) as Act[]).flatMap((act) =>
  (Object.keys(who) as Who[]).map((one) => [act, one, allowed[act].includes(one)] as const),
);

describe('the table of permissions, row by row', () => {
  it.each(rows)('%s by the %s: %s', (act, one, expected) => {
    const ruling = rule(act, who[one], sides, (position, ability) => positionCan(terms, position, ability));
    expect(ruling.allowed).toBe(expected);
  });

  it('has a row here for every act', () => {
    console.log(`acts: ${Object.keys(PERMISSIONS).length}, rows: ${rows.length}`);
    expect(Object.keys(allowed).sort()).toEqual(Object.keys(PERMISSIONS).sort());
    expect(rows.length).toBeGreaterThan(100);
  });

  it('says whether the provider or the role is wrong', () => {
    const has = (): boolean => false;
    expect(rule('handover.accept', actor('wim'), sides, has)).toEqual({
      allowed: false,
      because: 'provider',
    });
    expect(rule('handover.accept', actor('vera'), sides, has)).toEqual({ allowed: false, because: 'role' });
  });
});
