import type { CardView } from '../core/routes.ts';

/** What the buttons of a card say that it shows. */
export interface Ref {
  readonly pathway: string;
  readonly caseId: string;
  readonly handoverId: string;
  readonly revision: number;
}

export function refIn(view: CardView | undefined): Ref | undefined {
  const ref = (view?.data as { ref?: Partial<Ref> } | undefined)?.ref;
  return ref?.caseId === undefined || ref.handoverId === undefined ? undefined : (ref as Ref);
}
