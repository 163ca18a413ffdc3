import type { z } from 'zod/v4';
import type { PersonActor } from './actors.ts';

/**
 * What a feature offers to whoever calls it, as plain data: verbs (buttons), typed commands, timers.
 * The rooms at the edge (teams, http, jobs) read these tables and know no feature.
 */

/** A card by the name of its template under cards/, with its data and a plain-text summary. */
export interface CardView {
  readonly card: string;
  readonly data: object;
  /** One sentence for screen readers, notifications and clients that show no cards. Never a name or free text on a shared card. */
  readonly summary: string;
}

/**
 * The answer to the person who asked. A button's answer is seen by them alone; a typed command's answer in
 * a channel is seen by its members, so what is `private` goes to the person's own chat instead.
 */
export type Reply = {
  readonly private?: true;
  /** For everybody's eyes: shown where a private answer cannot reach the person, such as a guest without a chat. */
  readonly instead?: CardView;
  /** Posted beside the answer, for everybody there. */
  readonly beside?: CardView;
} & ({ readonly kind: 'card'; readonly view: CardView } | { readonly kind: 'text'; readonly text: string });

/** Where the person asked: in a channel everything said there is seen by all its members. */
export interface Place {
  readonly scope: 'personal' | 'channel' | 'groupChat';
  readonly conversationId: string;
  /** The provider whose channel this is on the pathway, if it is one. */
  readonly provider?: string;
}

/** Who asks, on which pathway, and where: the same for a button and a typed command. */
export interface Asking {
  readonly pathwayId: string;
  readonly actor: PersonActor;
  readonly place: Place;
}

export interface VerbRoute {
  readonly verb: string;
  /** What the button's data and inputs must be; the actor never comes from here. */
  readonly input: z.ZodType;
  run(asking: Asking, input: unknown): Promise<Reply>;
}

export interface TypedRoute {
  /** `/handovers`; lower case. */
  readonly command: string;
  /** `[open|mine|all]`, shown by /help. */
  readonly usage: string;
  readonly help: string;
  /** Answered in person only: its words may name somebody. */
  readonly personalOnly?: true;
  /** What follows the command is carried on no card that others may see. */
  readonly unrepeated?: true;
  run(asking: Asking, args: string): Promise<Reply>;
}
