import type { CardView } from '../core/routes.ts';
import { promptSubject } from '../escalations/escalation.ts';

/** What the buttons of a handover's card say that it shows. */
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

/** What the buttons of a prompt say that it shows. */
export interface PromptRef {
  readonly pathway: string;
  readonly caseId: string;
  readonly subject: string;
  readonly n: number;
}

export function promptIn(view: CardView | undefined): PromptRef | undefined {
  if (view?.card !== 'escalations/prompt') return undefined;
  return (view.data as { ref: PromptRef }).ref;
}

/** What a card is about, as the notice for it says. */
export interface About {
  readonly caseId: string;
  readonly subject: string;
}

export function aboutIn(view: CardView | undefined): About | undefined {
  const prompt = promptIn(view);
  if (prompt) return { caseId: prompt.caseId, subject: promptSubject(prompt.subject, prompt.n) };
  const ref = refIn(view);
  return ref && { caseId: ref.caseId, subject: `handover:${ref.handoverId}` };
}
