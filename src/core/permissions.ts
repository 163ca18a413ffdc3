import type { Actor, Position } from './actors.ts';

/** What a role may do; the code knows these, the partners name the roles. */
export const ABILITIES = [
  'offer',
  'answer',
  'clinical',
  'coordinate',
  'clinical-lead',
  'bind',
  'assure',
  /** Answers for safeguarding concerns. */
  'safeguard',
] as const;
export type Ability = (typeof ABILITIES)[number];

/** Where the actor must stand towards the subject: at the provider asked, the one asking, the prime, or on the pathway. */
export type Side = 'receiver' | 'sender' | 'prime' | 'pathway';

/** One way to be allowed: a person on this side whose role has one of the abilities (any role, if none is named). */
export interface Grant {
  readonly side: Side;
  readonly can: readonly Ability[];
  /** Only in the one role that the agreement names for it. */
  readonly named?: keyof NamedRoles;
}

/** Roles that the agreement names for one thing, whatever else they can. */
export interface NamedRoles {
  /** Is asked about pairs of cases with a marked record. */
  readonly markedRecords?: string | undefined;
}

export interface Permission {
  readonly people: readonly Grant[];
  /** Partners' systems may do it, with their key, for themselves. */
  readonly partners?: true;
  /** Timers and the sender may do it. */
  readonly system?: true;
}

const anyone: Grant = { side: 'pathway', can: [] };
const onCase: readonly Grant[] = [
  { side: 'sender', can: ['offer', 'answer', 'clinical', 'coordinate'] },
  { side: 'receiver', can: ['offer', 'answer', 'clinical', 'coordinate'] },
  { side: 'prime', can: ['clinical-lead'] },
];

/** Everybody with a part in the work of the pathway. */
const working: readonly Ability[] = ['offer', 'answer', 'clinical', 'coordinate', 'clinical-lead', 'assure'];
const overseeing: Grant = { side: 'prime', can: ['coordinate', 'clinical-lead', 'assure'] };
const answering: readonly Ability[] = ['answer', 'clinical', 'coordinate', 'clinical-lead'];

const safeguarding: Grant = { side: 'pathway', can: ['safeguard'] };

const deciding: readonly Grant[] = [
  { side: 'receiver', can: ['coordinate'] },
  { side: 'sender', can: ['coordinate'] },
  { side: 'prime', can: ['coordinate'] },
];

/** Who may do what: the one table for every verb, command, route and timer. */
export const PERMISSIONS = {
  'handover.offer': { people: [{ side: 'sender', can: ['offer'] }], partners: true },
  'handover.accept': { people: [{ side: 'receiver', can: ['answer'] }] },
  'handover.reject': { people: [{ side: 'receiver', can: ['answer'] }] },
  'handover.ask': { people: [{ side: 'receiver', can: ['answer'] }] },
  'handover.undo': { people: [{ side: 'receiver', can: ['answer'] }] },
  'handover.answer': { people: [{ side: 'sender', can: ['offer'] }] },
  'handover.withdraw': { people: [{ side: 'sender', can: ['offer'] }] },
  'handover.view': { people: onCase },
  'handover.overdue': { people: [], system: true },
  'handover.renamed': { people: [], system: true },
  /** Only whoever accepted is asked; a timer reminds them. */
  'handover.flag': { people: [anyone], system: true },
  'case.details': { people: onCase },
  'escalation.acknowledge': { people: [{ side: 'receiver', can: answering }] },
  'escalation.step-up': {
    people: [
      { side: 'receiver', can: answering },
      { side: 'sender', can: [...answering, 'offer'] },
      { side: 'prime', can: ['clinical-lead'] },
    ],
  },
  'escalation.resolve': {
    people: [
      { side: 'receiver', can: ['clinical', 'coordinate', 'clinical-lead'] },
      { side: 'prime', can: ['clinical-lead'] },
    ],
  },
  'escalation.view': { people: [anyone] },
  'escalation.why': { people: [anyone] },
  'escalation.step': { people: [], system: true },
  'rota.on': { people: [anyone] },
  'rota.off': { people: [anyone] },
  'rota.swap': { people: [anyone] },
  'rota.away': { people: [anyone] },
  /** For a colleague, at the coordinator's own provider. */
  'rota.colleague': { people: [{ side: 'pathway', can: ['coordinate'] }] },
  'rota.import': { people: [], system: true },
  'agreement.changed': { people: [], system: true },
  'rota.changed': { people: [], system: true },
  'rota.watch': { people: [], system: true },
  /** Baton sets one where something is to be looked at. */
  'action.set': { people: [{ side: 'pathway', can: working }], system: true },
  /** The owner and whoever set it may do these besides, whatever their role is; all but cancelling for the owner. */
  'action.done': { people: [{ side: 'receiver', can: working }, overseeing] },
  /** Whoever pressed Done, for a while. */
  'action.reopen': { people: [{ side: 'receiver', can: working }, overseeing] },
  'action.move': { people: [{ side: 'receiver', can: ['coordinate', 'clinical-lead'] }, overseeing] },
  'action.cancel': { people: [{ side: 'receiver', can: ['coordinate', 'clinical-lead'] }, overseeing] },
  'action.view': {
    people: [{ side: 'receiver', can: working }, { side: 'sender', can: working }, overseeing],
  },
  'action.overdue': { people: [], system: true },
  /** In a role that the agreement names for it. */
  'case.take': { people: [anyone] },
  'register.import': { people: [], partners: true, system: true },
  'register.watch': { people: [], system: true },
  'register.baseline': { people: [], system: true },
  /** Who answers for one of the two cases, on either side, or for the pathway. */
  'duplicate.view': { people: deciding },
  'duplicate.decide': { people: deciding },
  /** All of the above, where the record of one of the two cases is marked: that role alone, whoever holds them. */
  'duplicate.marked': { people: [{ side: 'pathway', can: [], named: 'markedRecords' }] },
  'duplicates.look': { people: [], system: true },
  /** What was decided, to both cases. */
  'duplicates.carry': { people: [], system: true },
  /** The digest of all partners, also for whoever runs Baton, and of one's own. */
  'digest.whole': { people: [overseeing], system: true },
  'digest.part': { people: [{ side: 'receiver', can: [] }, overseeing] },
  'digest.post': { people: [], system: true },
  '/digest': { people: [anyone] },
  /** Whoever coordinates or assures at the prime; each week, and at the command line, by itself. */
  'reconcile.run': { people: [{ side: 'prime', can: ['coordinate', 'assure'] }], system: true },
  'mismatch.view': { people: [{ side: 'receiver', can: working }, overseeing] },
  'mismatch.settle': {
    people: [{ side: 'receiver', can: ['answer', 'coordinate', 'clinical-lead'] }, overseeing],
  },
  'mismatch.overdue': { people: [], system: true },
  '/reconcile': { people: [{ side: 'pathway', can: working }] },
  '/mismatches': { people: [{ side: 'pathway', can: working }] },
  'training.import': { people: [], system: true },
  'training.watch': { people: [], system: true },
  'training.view': { people: [anyone] },
  /** Whose training has lapsed, by name: whoever coordinates at their provider. */
  'training.people': { people: [{ side: 'receiver', can: ['coordinate'] }] },
  'training.cover': { people: [{ side: 'receiver', can: ['coordinate'] }, overseeing] },
  '/training': { people: [anyone] },
  '/take': { people: [anyone] },
  '/unowned': { people: [anyone] },
  '/duplicates': {
    people: [
      { side: 'pathway', can: ['coordinate'] },
      { side: 'pathway', can: [], named: 'markedRecords' },
    ],
  },
  /** Of these each is besides only for those who may know of the concern; see src/safeguarding/who.ts. */
  'concern.raise': { people: [anyone] },
  'concern.view': { people: [anyone] },
  'concern.add': { people: [anyone] },
  'concern.acknowledge': { people: [safeguarding] },
  'concern.decide': { people: [safeguarding] },
  'concern.answered': { people: [safeguarding] },
  'concern.close': { people: [safeguarding] },
  'concern.reopen': { people: [safeguarding] },
  'concern.action': { people: [safeguarding] },
  'concern.action-over': { people: [safeguarding] },
  'concern.move': { people: [safeguarding], system: true },
  /** What moved with a case: whoever it was written for. */
  'concern.read': { people: [anyone] },
  'concern.chase': { people: [], system: true },
  'concern.remind': { people: [], system: true },
  /** Who it is about, and putting right what its raiser sent. */
  'concern.about': { people: [safeguarding] },
  'concern.hand-on': { people: [safeguarding] },
  'concern.correct-person': { people: [safeguarding] },
  'concern.correct-case': { people: [safeguarding] },
  'concern.hold': { people: [safeguarding] },
  /** Its raiser, where only the outside contact may know. */
  'concern.outside': { people: [anyone] },
  /** After each acceptance of a case, whether or not there is a concern. */
  'concerns.accepted': { people: [], system: true },
  /** What the weekly meeting says of it. */
  'concern.triage': { people: [safeguarding] },
  'concern.due': { people: [], system: true },
  /** At the command line. */
  'concern.export': { people: [], system: true },
  /** Only about their own contacts of a day, and each sees their own answers alone. */
  'concern.prompt': { people: [anyone] },
  '/prompt': { people: [anyone] },
  '/concern': { people: [anyone] },
  '/map': { people: [anyone] },
  /** Counts and lists those concerns alone that they may know of. */
  '/triage': { people: [safeguarding] },
  'triage.held': { people: [safeguarding] },
  /** The figures that tell of no concern, at the command line. */
  'concerns.publish': { people: [], system: true },
  '/concerns': { people: [anyone] },
  '/actions': { people: [anyone] },
  '/action': { people: [{ side: 'pathway', can: working }] },
  '/oncall': { people: [anyone] },
  '/handover': { people: [{ side: 'pathway', can: ['offer'] }] },
  '/handovers': { people: [anyone] },
  '/case': { people: [anyone] },
  '/mine': { people: [anyone] },
  '/escalations': { people: [anyone] },
  '/why': { people: [anyone] },
  '/ladder': { people: [anyone] },
  '/raci': { people: [anyone] },
  '/people': { people: [anyone] },
  '/help': { people: [anyone] },
  '/bind': { people: [{ side: 'pathway', can: ['bind'] }] },
} as const satisfies Record<string, Permission>;

export type Act = keyof typeof PERMISSIONS;

/** The providers that stand on each side of the subject, and the roles that the agreement names. */
export interface Sides extends NamedRoles {
  readonly receiver?: string;
  readonly sender?: string;
  readonly prime?: string;
}

export type Ruling =
  | { readonly allowed: true; readonly positions: readonly Position[] }
  /** `provider`: they are nowhere they would have to be. `role`: they are there, without the role. */
  | { readonly allowed: false; readonly because: 'provider' | 'role' };

/**
 * Decides one act. `has` says whether a position's role has an ability, by today's agreement.
 * Returns the positions that allow it (none for partners and the system, who act as themselves).
 */
export function rule(
  act: Act,
  actor: Actor,
  sides: Sides,
  has: (position: Position, ability: Ability) => boolean,
): Ruling {
  const permission: Permission = PERMISSIONS[act];
  if (actor.kind === 'system') return permission.system ? { allowed: true, positions: [] } : notAtAll;
  if (actor.kind === 'partner') {
    const own = permission.partners && (sides.sender === undefined || sides.sender === actor.partner);
    return own ? { allowed: true, positions: [] } : notAtAll;
  }
  const there = actor.positions.flatMap((position) =>
    permission.people
      .filter((grant) => grant.side === 'pathway' || sides[grant.side] === position.provider)
      .filter((grant) => grant.named === undefined || sides[grant.named] === position.role)
      .map((grant) => ({ position, grant })),
  );
  const able = there.filter(
    ({ position, grant }) => grant.can.length === 0 || grant.can.some((ability) => has(position, ability)),
  );
  const positions = [...new Set(able.map(({ position }) => position))];
  if (positions.length > 0) return { allowed: true, positions };
  return { allowed: false, because: there.length > 0 ? 'role' : 'provider' };
}

const notAtAll: Ruling = { allowed: false, because: 'provider' };
