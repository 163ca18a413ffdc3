/** What a person is at one provider of a pathway, today. */
export interface Position {
  readonly provider: string;
  readonly role: string;
}

/** A person as the activity's tenant and object id say, found in the agreement in force. */
export interface PersonActor {
  readonly kind: 'person';
  readonly person: string;
  readonly name: string;
  readonly positions: readonly Position[];
}

/** A partner's system, known by its key. `partner` is a provider or an outside sender of the agreement. */
export interface PartnerActor {
  readonly kind: 'partner';
  readonly partner: string;
}

/** Baton itself: a timer, the sender, an operator at the command line. */
export interface SystemActor {
  readonly kind: 'system';
  readonly job: string;
}

export type Actor = PersonActor | PartnerActor | SystemActor;

/** The actor as the record keeps it: staff are named, so that the record reads by itself after they leave. */
export type ActorRef =
  | { readonly person: string; readonly name: string; readonly provider?: string; readonly role?: string }
  | { readonly partner: string }
  | { readonly system: string };

/** The record's form of an actor, acting in `position` if they have several. */
export function actorRef(actor: Actor, position?: Position): ActorRef {
  switch (actor.kind) {
    case 'person':
      return { person: actor.person, name: actor.name, ...(position ?? actor.positions[0]) };
    case 'partner':
      return { partner: actor.partner };
    case 'system':
      return { system: actor.job };
  }
}
