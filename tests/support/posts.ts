/** An Adaptive Card, or any object in one. */
export type Card = { readonly [key: string]: unknown };

/** A conversation to speak in. */
export interface Placed {
  readonly conversationId: string;
  readonly tenant: string;
  readonly scope: 'personal' | 'channel' | 'groupChat';
  /** The root of the thread, when speaking in one. */
  readonly thread?: string;
}

/** A message that Baton posted, as it reads now. */
export interface Post {
  readonly conversationId: string;
  readonly thread: string | undefined;
  readonly activityId: string;
  readonly text: string;
  readonly summary: string;
  readonly card: Card | undefined;
  /** The whole activity as it came. */
  readonly activity: Card;
  edits: number;
}

/** A button of a card: what it is called and what pressing it sends. */
export interface Action {
  readonly type: string;
  readonly title: string;
  readonly verb: string;
  readonly data: Card;
  /** False: what was typed on the card does not go with it. */
  readonly withInputs: boolean;
}

/** The card of a message, if it has one. */
export function cardOf(activity: unknown): Card | undefined {
  const { attachments } = (activity ?? {}) as { attachments?: { contentType?: string; content?: Card }[] };
  return attachments?.find(({ contentType }) => contentType === 'application/vnd.microsoft.card.adaptive')
    ?.content;
}

/** Everything in a card that is an object, outermost first; what a button carries is not looked into. */
function* objectsOf(node: unknown): Generator<Card> {
  if (Array.isArray(node)) for (const each of node) yield* objectsOf(each);
  else if (typeof node === 'object' && node !== null) {
    yield node as Card;
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'data' && key !== 'fallback') yield* objectsOf(value);
    }
  }
}

/** The buttons of a card, in the order they are shown. */
export function actionsOf(card: Card | undefined): Action[] {
  return [...objectsOf(card)]
    .filter(({ type }) => type === 'Action.Execute' || type === 'Action.Submit')
    .map(({ type, title, verb, data, associatedInputs }) => {
      const carried = (data ?? {}) as Card;
      return {
        type: String(type),
        title: String(title ?? ''),
        verb: String(verb ?? carried.verb ?? ''),
        data: carried,
        withInputs: associatedInputs !== 'none',
      };
    });
}

export const titlesOf = (card: Card | undefined): string[] => actionsOf(card).map(({ title }) => title);

/** The inputs of a card by id, each with the value it shows before anybody types. */
export function inputsOf(card: Card | undefined): Record<string, string> {
  const inputs: Record<string, string> = {};
  for (const { type, id, value } of objectsOf(card)) {
    if (typeof type !== 'string' || !type.startsWith('Input.') || typeof id !== 'string') continue;
    if (value !== undefined && value !== '') inputs[id] = String(value);
    else inputs[id] = '';
  }
  return inputs;
}

/** All words that a card shows, joined by line. */
export function wordsOn(card: Card | undefined): string {
  return [...objectsOf(card)]
    .flatMap(({ text, title, label, value }) => [text, title, label, value])
    .filter((words) => typeof words === 'string')
    .join('\n');
}
