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

/** The action that its own card shows, and at which revision; a card without buttons does not say. */
export function actionIn(
  view: CardView | undefined,
): { readonly actionId: string; readonly revision: number | undefined } | undefined {
  if (view?.card !== 'actions/action') return undefined;
  const { title, rows } = view.data as unknown as {
    readonly title: string;
    readonly rows: readonly {
      readonly buttons: readonly { readonly data: { readonly revision: number } }[];
    }[];
  };
  return { actionId: title.replace(/^Action /, ''), revision: rows[0]?.buttons[0]?.data.revision };
}

/** The subject of a card about one of several things of a partition that does not say about which. */
const ANY = /^(?:list|mismatches):$/;
export const isAny = (subject: string): boolean => ANY.test(subject);

/** Is this the partition of a concern? */
export const isConcern = (caseId: string): boolean => caseId.startsWith('concern:');

/** The concern that a notice of one names. */
const idOf = (view: CardView): string =>
  String((view.data as { label?: string }).label).replace(/^Concern /, '');

/** What a card is about that stands for no handover: an action, cases that nobody holds, mismatches, a digest. */
export function taskIn(view: CardView | undefined): About | undefined {
  const action = actionIn(view);
  if (action) return { caseId: `_action:${action.actionId}`, subject: `action:${action.actionId}` };
  const { ref } = (view?.data ?? {}) as { ref?: { caseId: string; provider: string; week: string } };
  if (view?.card === 'register/unowned') return { caseId: ref?.caseId ?? '', subject: 'unowned:case' };
  if (view?.card === 'register/together') return { caseId: `_list:${ref?.provider}`, subject: 'list:' };
  if (view?.card === 'reconciliation/batch') {
    return { caseId: `_mismatches:${ref?.provider}`, subject: 'mismatches:' };
  }
  if (view?.card === 'duplicates/ask') {
    const { a, b } = (view.data as { ref: { a: string; b: string } }).ref;
    return { caseId: `_pair:${a}:${b}`, subject: `pair:${a}:${b}` };
  }
  const { concern } = (ref ?? {}) as { concern?: string };
  if (view?.card === 'safeguarding/notice') {
    const id = concern ?? idOf(view);
    return { caseId: `concern:${id}`, subject: `concern:${id}` };
  }
  if (view?.card === 'digests/digest')
    return { caseId: `_digest:${ref?.week}`, subject: `digest:${ref?.week}` };

  return undefined;
}

/** Is a notice about what a card is about? */
export const isAbout = (subject: string, about: About): boolean =>
  subject === about.subject || (isAny(about.subject) && subject.startsWith(about.subject));

export function aboutIn(view: CardView | undefined): About | undefined {
  const prompt = promptIn(view);
  if (prompt) return { caseId: prompt.caseId, subject: promptSubject(prompt.subject, prompt.n) };
  const ref = refIn(view);
  return ref ? { caseId: ref.caseId, subject: `handover:${ref.handoverId}` } : taskIn(view);
}
